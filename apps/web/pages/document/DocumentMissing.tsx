import { Link } from "react-router";
import { Problem } from "../api/problem.ts";
import { Note } from "../parts/Note.tsx";
import { ProblemNote } from "../parts/ProblemNote.tsx";

const goneStatuses = new Set([404, 410]);
/** What the server says of an id that is none. */
const invalidStatus = 400;

export function isGone(error: unknown): boolean {
  return error instanceof Problem && (goneStatuses.has(error.status) || error.status === invalidStatus);
}

/** In place of a document that is not there, was erased, or cannot be had at the moment. */
export function DocumentMissing({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  if (!isGone(error)) {
    return (
      <div className="column">
        <h1>Document</h1>
        <ProblemNote title="The document cannot be shown." error={error} onRetry={onRetry} />
      </div>
    );
  }
  const wasErased = error instanceof Problem && error.code === "document_erased";
  return (
    <div className="column">
      <h1>{wasErased ? "This document was deleted" : "This document is not here"}</h1>
      <Note>
        <p>
          {wasErased
            ? "Its file, its pages and all that was read of them have been erased. If you need it again, upload the file again."
            : "The address may be incomplete, or it is a document of somebody else."}
        </p>
        <Link to="/" className="button">
          To your documents
        </Link>
      </Note>
    </div>
  );
}
