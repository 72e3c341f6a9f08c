import { percent } from "../wording/sizes.ts";
import type { PlacedWord } from "./wordLayout.ts";

/** Right of this the popover would leave the picture: it then ends at the word. */
const rightHalfPercent = 50;

/** The confidence of a word and its other reading, beside it; screen readers announce it. */
export function WordDetails({ asked }: { readonly asked: PlacedWord | null }) {
  return (
    <div role="status">
      {asked === null ? null : (
        <p className="word-details" style={place(asked)}>
          <strong>{asked.word.text}</strong>: confidence {percent(asked.word.confidence / 100)}
          {asked.word.alternative === undefined ? "" : `, ${otherReading(asked.word.alternative)}`}
          {asked.word.uncertain ? ". Compare it with the original." : ""}
        </p>
      )}
    </div>
  );
}

/** What the second recogniser read there. */
export function otherReading(alternative: string): string {
  return `other reading: ${alternative}`;
}

function place({ leftPercent, topPercent, widthPercent, heightPercent }: PlacedWord) {
  const top = `${topPercent + heightPercent}%`;
  return leftPercent < rightHalfPercent
    ? { top, left: `${leftPercent}%` }
    : { top, right: `${Math.max(0, 100 - leftPercent - widthPercent)}%` };
}
