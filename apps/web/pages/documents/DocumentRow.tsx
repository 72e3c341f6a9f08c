import { Link } from "react-router";
import type { DocumentAnswer } from "../api/answers.ts";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { ProgressBar } from "../parts/ProgressBar.tsx";
import { Status } from "../parts/Status.tsx";
import { explainInLine } from "../wording/errors.ts";
import { size } from "../wording/sizes.ts";
import { moment } from "../wording/times.ts";
import { DocumentRowButtons } from "./DocumentRowButtons.tsx";
import { useDocumentActions } from "./useDocumentActions.ts";

interface Props {
  readonly document: DocumentAnswer;
  readonly onErased: () => void;
}

/** One document of the list: what it is, how it stands, what can be done. */
export function DocumentRow({ document, onErased }: Props) {
  const actions = useDocumentActions(document, onErased);
  return (
    <li className="document-row">
      <div className="document-row-facts">
        <h3 className="document-row-name">
          <Link to={`/documents/${document.id}`}>{document.filename}</Link>
        </h3>
        <p>
          <Status document={document} />
        </p>
        {document.status === "failed" && document.error !== null ? (
          <p className="small">{explainInLine(document.error)}</p>
        ) : null}
        <p className="muted small">
          {size(document.sizeBytes)} · <time dateTime={document.createdAt}>{moment(document.createdAt)}</time>
        </p>
      </div>
      <DocumentRowButtons document={document} actions={actions} />
      {document.status === "processing" ? (
        <div className="document-row-wide">
          <ProgressBar
            label={`Reading of ${document.filename}`}
            done={document.pagesDone}
            of={document.pageCount}
          />
        </div>
      ) : null}
      {actions.error === null ? null : (
        <div className="document-row-wide">
          <ProblemNote title="That did not work." error={actions.error} />
        </div>
      )}
    </li>
  );
}
