import { Note } from "../parts/Note.tsx";
import type { Refusal } from "./checkFile.ts";

interface Props {
  readonly refusals: readonly Refusal[];
  readonly onClear: () => void;
}

/** Files that were not sent, each with what to do instead. */
export function RefusedFiles({ refusals, onClear }: Props) {
  return (
    <div role="alert">
      {refusals.length === 0 ? null : (
        <Note tone="bad" title={refusals.length === 1 ? "Not uploaded" : "These were not uploaded"}>
          <ul className="refused-files">
            {refusals.map((refusal, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and the list never changes
              <li key={index}>
                <strong>{refusal.name}</strong>: {refusal.words}
              </li>
            ))}
          </ul>
          <button type="button" className="button" onClick={onClear}>
            Dismiss
          </button>
        </Note>
      )}
    </div>
  );
}
