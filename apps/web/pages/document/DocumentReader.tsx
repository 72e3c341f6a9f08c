import { useState } from "react";
import type { DocumentAnswer, PageAnswer } from "../api/answers.ts";
import { Note } from "../parts/Note.tsx";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { isUnderWay } from "../wording/status.ts";
import { DocumentSearch } from "./DocumentSearch.tsx";
import { PageNavigation } from "./PageNavigation.tsx";
import { PageStrip } from "./PageStrip.tsx";
import { PageView } from "./PageView.tsx";
import type { Place } from "./usePlace.ts";
import "./DocumentReader.css";

interface Props {
  readonly document: DocumentAnswer;
  readonly pages: readonly PageAnswer[];
  readonly pageCount: number;
  readonly place: Place;
  readonly isPending: boolean;
  readonly error: Error | null;
}

/** The strip of pages, the search, and the page that is being read. */
export function DocumentReader({ document, pages, pageCount, place, isPending, error }: Props) {
  const [isMarking, setMarking] = useState(true);
  if (error !== null && pages.length === 0) {
    return <ProblemNote title="The pages cannot be shown." error={error} />;
  }
  if (pageCount === 0) {
    return isPending ? <p className="muted">Looking for its pages…</p> : <NoPages document={document} />;
  }
  const page = pages.find(({ pageNumber }) => pageNumber === place.pageNumber);
  return (
    <div className="reader">
      <PageStrip document={document} pages={pages} pageCount={pageCount} place={place} />
      <section className="reader-page" aria-labelledby="page-heading">
        <DocumentSearch documentId={document.id} place={place} />
        <PageNavigation pageCount={pageCount} place={place} isMarking={isMarking} onMarking={setMarking} />
        <PageView
          key={place.pageNumber}
          document={document}
          page={page}
          pageNumber={place.pageNumber}
          hasNext={pages.some(({ pageNumber }) => pageNumber === place.pageNumber + 1)}
          query={place.query}
          isMarking={isMarking}
          isPending={isPending}
        />
      </section>
    </div>
  );
}

function NoPages({ document }: { readonly document: DocumentAnswer }) {
  if (document.status === "failed") {
    // Why stands above.
    return null;
  }
  return isUnderWay(document) ? (
    <Note title="No page has been read yet.">
      <p className="muted">
        The first page appears here as soon as it is done. You can leave this page: reading goes on.
      </p>
    </Note>
  ) : (
    <Note title="There are no pages to show.">
      <p className="muted">Nothing of this document was read.</p>
    </Note>
  );
}
