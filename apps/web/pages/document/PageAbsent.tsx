import type { DocumentAnswer } from "../api/answers.ts";
import { Note } from "../parts/Note.tsx";
import { isUnderWay } from "../wording/status.ts";

interface Props {
  readonly document: DocumentAnswer;
  readonly pageNumber: number;
}

/** In place of a page that has not been read. */
export function PageAbsent({ document, pageNumber }: Props) {
  if (document.status === "processing") {
    return (
      <Note title={`Page ${pageNumber} has not been read yet.`}>
        <p className="muted">It appears here by itself as soon as it is done.</p>
      </Note>
    );
  }
  return isUnderWay(document) ? (
    <Note title={`Page ${pageNumber} has not been read yet.`}>
      <p className="muted">The document waits for its turn. The page appears here by itself.</p>
    </Note>
  ) : (
    <Note title={`Page ${pageNumber} was not read.`}>
      <p className="muted">Reading ended before it. “Try again” above reads what is missing.</p>
    </Note>
  );
}
