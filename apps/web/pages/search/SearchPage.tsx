import { useSearchParams } from "react-router";
import { usePageTitle } from "../layout/usePageTitle.ts";
import { Note } from "../parts/Note.tsx";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { SearchForm } from "./SearchForm.tsx";
import { SearchHit } from "./SearchHit.tsx";
import { useSearch } from "./useSearch.ts";
import "./SearchPage.css";

/** Search over all of one's documents. */
export function SearchPage() {
  const [parameters, setParameters] = useSearchParams();
  const query = parameters.get("q") ?? "";
  const search = useSearch(query, null);
  usePageTitle(query === "" ? "Search" : `${query} – Search`);
  const isAnswered = query !== "" && search.isSuccess && !search.isPlaceholderData;

  return (
    <div className="column">
      <h1>Search</h1>
      <SearchForm
        label="Search in all documents"
        query={query}
        onSearch={(q) => setParameters(q === "" ? {} : { q })}
      />
      {query === "" ? (
        <p className="muted">
          Finds pages that have all the words, also those that only begin with them. “Words in quotes” are
          found in their order; a minus before a word leaves out the pages that have it.
        </p>
      ) : null}
      {search.error === null ? null : (
        <ProblemNote
          title="The search did not work."
          error={search.error}
          onRetry={() => void search.refetch()}
        />
      )}
      <div role="status" className="search-status">
        {query !== "" && !isAnswered && search.error === null ? "Searching…" : null}
      </div>
      {isAnswered && search.hits.length === 0 ? (
        <Note title="Nothing was found.">
          <p className="muted">
            Try fewer or shorter words: a word that was hard to read may have been read differently.
          </p>
        </Note>
      ) : null}
      {isAnswered && search.hits.length > 0 ? (
        <ol className="search-hits">
          {search.hits.map((hit) => (
            <SearchHit key={`${hit.documentId}/${hit.pageNumber}`} hit={hit} query={query} />
          ))}
        </ol>
      ) : null}
      {isAnswered && search.hasNextPage ? (
        <button type="button" className="button" onClick={() => void search.fetchNextPage()}>
          Show more
        </button>
      ) : null}
    </div>
  );
}
