import { uncertainBelow } from "../wording/outcomes.ts";
import { percent } from "../wording/sizes.ts";
import type { PlacedWord } from "./wordLayout.ts";

/** Right of this the popover would leave the picture: it then ends at the word. */
const rightHalfPercent = 50;

/** How certain a word is, beside it; said to screen readers as well. */
export function WordDetails({ asked }: { readonly asked: PlacedWord | null }) {
  return (
    <div role="status">
      {asked === null ? null : (
        <p className="word-details" style={place(asked)}>
          <strong>{asked.word.text}</strong> {percent(asked.word.confidence / 100)} certain
          {asked.word.confidence < uncertainBelow ? ": better compare it with the picture" : ""}
        </p>
      )}
    </div>
  );
}

function place({ leftPercent, topPercent, widthPercent, heightPercent }: PlacedWord) {
  const top = `${topPercent + heightPercent}%`;
  return leftPercent < rightHalfPercent
    ? { top, left: `${leftPercent}%` }
    : { top, right: `${Math.max(0, 100 - leftPercent - widthPercent)}%` };
}
