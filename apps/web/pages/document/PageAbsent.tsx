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
        <p className="muted">It appears here as soon as it is ready.</p>
      </Note>
    );
  }
  return isUnderWay(document) ? (
    <Note title={`Page ${pageNumber} has not been read yet.`}>
      <p className="muted">
        The document is waiting in the queue. The page appears here as soon as it is ready.
      </p>
    </Note>
  ) : (
    <Note title={`Page ${pageNumber} was not read.`}>
      <p className="muted">Reading ended before this page. “Try again” above reads the missing pages.</p>
    </Note>
  );
}
