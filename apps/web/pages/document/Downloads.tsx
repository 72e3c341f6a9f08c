import { Link } from "react-router";
import type { DocumentAnswer } from "../api/answers.ts";
import { documentPath } from "../api/documents.ts";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { DownloadLink } from "./DownloadLink.tsx";
import { usePdfDownload } from "./usePdfDownload.ts";
import type { Place } from "./usePlace.ts";

/** The document to take away; of what is still being read, the pages that are there. */
export function Downloads({ document, place }: { readonly document: DocumentAnswer; readonly place: Place }) {
  const hasPages = document.pagesDone > 0 || document.isBeingReadAnew;
  const isRead = document.status === "completed" || document.status === "partial";
  const pdf = usePdfDownload(document.id);
  const link = (part: string, words: string, explanation: string) => (
    <li>
      <DownloadLink path={documentPath(document.id, part)} words={words} explanation={explanation} />
    </li>
  );
  return (
    <>
      <ul className="button-row" aria-label="Downloads">
        <li className="muted small" aria-hidden="true">
          Download
        </li>
        {isRead && document.originalErasedAt === null ? (
          <li>
            <button
              type="button"
              className="button"
              aria-label={pdf.isBusy ? undefined : "Searchable PDF: its pages with their text, download"}
              aria-disabled={pdf.isBusy}
              onClick={pdf.save}
            >
              {pdf.isBusy ? "Making the PDF…" : "Searchable PDF"}
            </button>
          </li>
        ) : null}
        {hasPages ? link("/text", "Text", "all pages as plain text") : null}
        {isRead ? link("/hocr", "hOCR", "text and places as a web page") : null}
        {isRead ? link("/alto", "ALTO", "text and places for archives") : null}
        {hasPages ? link("/json", "JSON", "words with their places") : null}
        {isRead ? link("/ndjson", "NDJSON", "the same, a page a line") : null}
        {link("/original", "Original", "the file as it was sent")}
        {document.contentType === "application/pdf" ? (
          <li>
            <Link className="button" to={place.addressOf({ original: !place.isOriginal })} replace>
              {place.isOriginal ? "View recognised text" : "View original"}
            </Link>
          </li>
        ) : null}
      </ul>
      {pdf.error === null ? null : (
        <div className="download-problem">
          <ProblemNote title="The PDF cannot be downloaded." error={pdf.error} />
        </div>
      )}
    </>
  );
}
