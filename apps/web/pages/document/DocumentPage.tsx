import { lazy, Suspense } from "react";
import { useParams } from "react-router";
import { usePageTitle } from "../layout/usePageTitle.ts";
import { DocumentHeading } from "./DocumentHeading.tsx";
import { DocumentMissing, isGone } from "./DocumentMissing.tsx";
import { DocumentReader } from "./DocumentReader.tsx";
import { useDocument } from "./useDocument.ts";
import { usePlace } from "./usePlace.ts";
import "./DocumentPage.css";

const OriginalPdf = lazy(() => import("../original/OriginalPdf.tsx"));

/** One document: how it stands, and its pages to be read. */
export function DocumentPage() {
  const { id = "" } = useParams();
  const { document: query, pages, arePagesPending, pagesError } = useDocument(id);
  const document = query.data;
  const pageCount = document?.pageCount ?? pages.at(-1)?.pageNumber ?? 0;
  const place = usePlace(pageCount);
  usePageTitle(document?.filename ?? "Document");

  // An answer from before stays when a later one fails, unless the document is gone.
  if (query.error !== null && (document === undefined || isGone(query.error))) {
    return <DocumentMissing error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (document === undefined) {
    return <p className="muted">Looking for the document…</p>;
  }
  return (
    <div className="document">
      <DocumentHeading document={document} place={place} />
      {place.isOriginal ? (
        <Suspense fallback={<p className="muted">Opening the original…</p>}>
          <OriginalPdf document={document} />
        </Suspense>
      ) : (
        <DocumentReader
          document={document}
          pages={pages}
          pageCount={pageCount}
          place={place}
          isPending={arePagesPending}
          error={pagesError}
        />
      )}
    </div>
  );
}
