import type { DocumentStatus } from "@quire/core";
import { useRef } from "react";
import { Note } from "../parts/Note.tsx";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { DocumentRow } from "./DocumentRow.tsx";
import { useDocumentList } from "./useDocumentList.ts";
import "./DocumentList.css";

export function DocumentList({ status }: { readonly status: DocumentStatus | null }) {
  const list = useDocumentList(status);
  const rows = useRef<HTMLUListElement>(null);
  if (list.isPending) {
    return <p className="muted">Looking for your documents…</p>;
  }
  if (list.isError && list.documents.length === 0) {
    return (
      <ProblemNote
        title="The documents cannot be shown."
        error={list.error}
        onRetry={() => void list.refetch()}
      />
    );
  }
  if (list.documents.length === 0) {
    return <NothingHere isFiltered={status !== null} />;
  }
  return (
    <>
      <ul className="document-list" ref={rows} tabIndex={-1}>
        {list.documents.map((document) => (
          // What had the focus is gone with its row.
          <DocumentRow key={document.id} document={document} onErased={() => rows.current?.focus()} />
        ))}
      </ul>
      {list.hasNextPage ? (
        <button
          type="button"
          className="button"
          disabled={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {list.isFetchingNextPage ? "Looking for more…" : "Show more"}
        </button>
      ) : null}
    </>
  );
}

function NothingHere({ isFiltered }: { readonly isFiltered: boolean }) {
  return isFiltered ? (
    <Note title="No documents match this filter.">
      <p className="muted">Choose “All” to see the others.</p>
    </Note>
  ) : (
    <Note title="No documents yet.">
      <p className="muted">
        Drop a scan, a fax or a photo above, or choose a file. It is read page by page, and you can read
        along: the first page is here before the last one is done.
      </p>
    </Note>
  );
}
