import { isNoConnection, Problem } from "../api/problem.ts";
import { explainInLine } from "../wording/errors.ts";
import { Note } from "./Note.tsx";

interface Props {
  /** What could not be done: "The documents cannot be shown." */
  readonly title: string;
  readonly error: Error;
  readonly onRetry?: () => void;
}

/** Says what was refused and what to do; a lost connection is the banner's affair. */
export function ProblemNote({ title, error, onRetry }: Props) {
  return (
    <div role="alert">
      <Note tone="bad" title={title}>
        <p>{problemWords(error)}</p>
        {onRetry === undefined || isNoConnection(error) ? null : (
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
        )}
      </Note>
    </div>
  );
}

/** What went wrong and what to do, in a line. */
export function problemWords(error: Error): string {
  if (isNoConnection(error)) {
    return "Quire cannot be reached at the moment. This goes on by itself when it is back.";
  }
  return error instanceof Problem
    ? explainInLine({ code: error.code, message: error.message })
    : "This page made a mistake. Reload it and try again.";
}
