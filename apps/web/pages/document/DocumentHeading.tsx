import { Link, useNavigate } from "react-router";
import type { DocumentAnswer } from "../api/answers.ts";
import { useDocumentActions } from "../documents/useDocumentActions.ts";
import { Note } from "../parts/Note.tsx";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { ProgressBar } from "../parts/ProgressBar.tsx";
import { Status } from "../parts/Status.tsx";
import { explain } from "../wording/errors.ts";
import { size } from "../wording/sizes.ts";
import { moment } from "../wording/times.ts";
import { DocumentButtons } from "./DocumentButtons.tsx";
import { Downloads } from "./Downloads.tsx";
import { NumbersToCheck } from "./NumbersToCheck.tsx";
import type { Place } from "./usePlace.ts";

/** Name, status, what went wrong, and what can be done with the document. */
export function DocumentHeading({
  document,
  place,
}: {
  readonly document: DocumentAnswer;
  readonly place: Place;
}) {
  const navigate = useNavigate();
  const actions = useDocumentActions(document, () => void navigate("/"));
  return (
    <header className="document-heading">
      <p className="small">
        <Link to="/">All documents</Link>
      </p>
      <h1>{document.filename}</h1>
      <p>
        <Status document={document} />
        <span className="muted small">
          {" · "}
          {size(document.sizeBytes)} · <time dateTime={document.createdAt}>{moment(document.createdAt)}</time>
        </span>
      </p>
      {document.status === "processing" ? (
        <ProgressBar label="Pages read" done={document.pagesDone} of={document.pageCount} />
      ) : null}
      <NumbersToCheck document={document} place={place} />
      {document.isBeingReadAnew ? (
        <p className="muted small">You see the earlier results until the new ones are complete.</p>
      ) : null}
      {document.status === "failed" && document.error !== null ? (
        <WhatWentWrong error={document.error} />
      ) : null}
      <div className="document-actions">
        <Downloads document={document} place={place} />
        <DocumentButtons document={document} actions={actions} />
      </div>
      {actions.error === null ? null : <ProblemNote title="That did not work." error={actions.error} />}
    </header>
  );
}

function WhatWentWrong({ error }: { readonly error: { readonly code: string; readonly message: string } }) {
  const { what, remedy } = explain(error);
  return (
    <Note tone="bad" title={what}>
      {remedy === "" ? null : <p>{remedy}</p>}
    </Note>
  );
}
