import { Link } from "react-router";
import type { SearchAnswer } from "../api/answers.ts";
import { queryString } from "../api/request.ts";
import { Snippet } from "./Snippet.tsx";

interface Props {
  readonly hit: SearchAnswer["hits"][number];
  readonly query: string;
}

export function SearchHit({ hit, query }: Props) {
  return (
    <li className="search-hit">
      <h2>
        <Link to={`/documents/${hit.documentId}${queryString({ page: hit.pageNumber, q: query })}`}>
          {hit.filename}, page {hit.pageNumber}
        </Link>
      </h2>
      <p>
        <Snippet parts={hit.snippet} />
      </p>
    </li>
  );
}
