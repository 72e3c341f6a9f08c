import "./ProgressBar.css";

interface Props {
  readonly label: string;
  readonly done: number;
  /** Null while it is not known: the bar then only says that something goes on. */
  readonly of: number | null;
}

export function ProgressBar({ label, done, of }: Props) {
  return of === null || of === 0 ? (
    <progress className="progress" aria-label={label} />
  ) : (
    <progress className="progress" aria-label={label} value={Math.min(done, of)} max={of} />
  );
}
