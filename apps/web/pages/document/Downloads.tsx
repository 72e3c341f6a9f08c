import { Link } from "react-router";
import type { DocumentAnswer } from "../api/answers.ts";
import { documentPath } from "../api/documents.ts";
import { DownloadLink } from "./DownloadLink.tsx";
import { PdfDownload } from "./PdfDownload.tsx";
import type { Place } from "./usePlace.ts";

/** The document to take away; of what is still being read, the pages that are there. */
export function Downloads({ document, place }: { readonly document: DocumentAnswer; readonly place: Place }) {
  const hasPages = document.pagesDone > 0 || document.isBeingReadAnew;
  const isRead = document.status === "completed" || document.status === "partial";
  const link = (part: string, words: string, explanation: string) => (
    <li>
      <DownloadLink path={documentPath(document.id, part)} words={words} explanation={explanation} />
    </li>
  );
  return (
    <ul className="button-row" aria-label="Downloads">
      <li className="muted small" aria-hidden="true">
        Download
      </li>
      {isRead && document.originalErasedAt === null ? (
        <li>
          <PdfDownload path={documentPath(document.id, "/pdf")} />
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
            {place.isOriginal ? "Back to the read pages" : "Open the original here"}
          </Link>
        </li>
      ) : null}
    </ul>
  );
}
