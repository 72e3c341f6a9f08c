import type { ReactNode } from "react";
import "./Note.css";

interface Props {
  readonly tone?: "plain" | "warning" | "bad";
  readonly title?: string;
  readonly children?: ReactNode;
}

/** A paragraph that stands out: what is missing, went wrong, or is to be known. */
export function Note({ tone = "plain", title, children }: Props) {
  return (
    <div className={`note note-${tone}`}>
      {title === undefined ? null : <p className="note-title">{title}</p>}
      {children}
    </div>
  );
}
