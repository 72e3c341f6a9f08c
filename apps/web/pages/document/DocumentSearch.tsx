import { Link } from "react-router";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { SearchForm } from "../search/SearchForm.tsx";
import { Snippet } from "../search/Snippet.tsx";
import { useSearch } from "../search/useSearch.ts";
import { counted } from "../wording/sizes.ts";
import type { Place } from "./usePlace.ts";
import "./DocumentSearch.css";

/** Searches within the document; a hit leads to its page, where the words are marked. */
export function DocumentSearch({
  documentId,
  place,
}: {
  readonly documentId: string;
  readonly place: Place;
}) {
  const { hits, error, isSuccess, isPlaceholderData, hasNextPage, fetchNextPage } = useSearch(
    place.query,
    documentId,
  );
  const isShown = place.query !== "" && isSuccess && !isPlaceholderData;
  return (
    <div className="document-search">
      <SearchForm label="Search in this document" query={place.query} onSearch={place.searchFor}>
        {place.query === "" ? null : (
          <button type="button" className="button button-quiet" onClick={() => place.searchFor("")}>
            Clear
          </button>
        )}
      </SearchForm>
      <p role="status" className="small muted">
        {isShown ? foundWords(hits.length, hasNextPage) : null}
      </p>
      {error === null ? null : <ProblemNote title="The search did not work." error={error} />}
      {isShown && hits.length > 0 ? (
        <ol className="document-hits" aria-label="Found on">
          {hits.map((hit) => (
            <li key={hit.pageNumber}>
              <Link
                to={place.addressOf({ page: hit.pageNumber })}
                preventScrollReset
                aria-current={hit.pageNumber === place.pageNumber ? "true" : undefined}
              >
                Page {hit.pageNumber}
              </Link>{" "}
              <span className="small">
                <Snippet parts={hit.snippet} />
              </span>
            </li>
          ))}
          {hasNextPage ? (
            <li>
              <button type="button" className="button" onClick={() => void fetchNextPage()}>
                Show more
              </button>
            </li>
          ) : null}
        </ol>
      ) : null}
    </div>
  );
}

function foundWords(hitCount: number, hasMore: boolean): string {
  if (hitCount === 0) {
    return "Not found in the pages that have been read.";
  }
  return `Found on ${hasMore ? "more than " : ""}${counted(hitCount, "page", "pages")}`;
}
