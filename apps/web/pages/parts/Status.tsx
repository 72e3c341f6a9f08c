import type { DocumentAnswer } from "../api/answers.ts";
import { statusTone, statusWords } from "../wording/status.ts";
import "./Status.css";

/** How a document stands: a coloured dot and the words. */
export function Status({ document }: { readonly document: DocumentAnswer }) {
  return (
    <span className={`status status-${statusTone(document)}`}>
      <span className="status-words">{statusWords(document)}</span>
    </span>
  );
}
