import type { ReactNode } from "react";
import { Note } from "../parts/Note.tsx";

interface Props {
  readonly label: string;
  readonly action: string;
  readonly busyAction: string;
  readonly isBusy: boolean;
  /** What it was refused for. */
  readonly words: string | null;
  readonly onSubmit: (values: FormData) => void;
  readonly children: ReactNode;
}

/** A form of the way in: its fields, what is wrong, and its one button. */
export function AuthForm({ label, action, busyAction, isBusy, words, onSubmit, children }: Props) {
  return (
    <form
      className="sign-in-form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        // Not disabled while it is busy: the focus would be lost.
        if (!isBusy) onSubmit(new FormData(event.currentTarget));
      }}
    >
      {children}
      <div role="alert">
        {words === null ? null : (
          <Note tone="bad">
            <p>{words}</p>
          </Note>
        )}
      </div>
      <button type="submit" className="button button-main" aria-disabled={isBusy}>
        {isBusy ? busyAction : action}
      </button>
    </form>
  );
}
