import type { DocumentStatus } from "@quire/core";

/** Statuses that are worth looking for; `uploaded` is over in a moment. */
const choices: readonly { status: DocumentStatus | ""; words: string }[] = [
  { status: "", words: "All" },
  { status: "queued", words: "Waiting" },
  { status: "processing", words: "Being read" },
  { status: "completed", words: "Ready" },
  { status: "partial", words: "Ready, with pages missing" },
  { status: "failed", words: "Could not be read" },
  { status: "cancelled", words: "Cancelled" },
];

interface Props {
  readonly status: DocumentStatus | null;
  readonly onChange: (status: DocumentStatus | null) => void;
}

export function StatusFilter({ status, onChange }: Props) {
  return (
    <label className="status-filter">
      <span className="muted">Show</span>
      <select
        className="button"
        value={status ?? ""}
        onChange={(event) => onChange((event.target.value || null) as DocumentStatus | null)}
      >
        {choices.map(({ status: value, words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A status from the address, if it is one to be chosen. */
export function readStatus(text: string | null): DocumentStatus | null {
  const known = choices.find(({ status }) => status !== "" && status === text);
  return known === undefined ? null : (known.status as DocumentStatus);
}
