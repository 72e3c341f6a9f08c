import type { Quality } from "@quire/core";
import "./LanguageChoice.css";

/** In the order of the time they take. */
const choices: readonly { readonly quality: Quality; readonly name: string; readonly words: string }[] = [
  { quality: "fast", name: "Fast", words: "numbers are read twice" },
  { quality: "balanced", name: "Balanced", words: "numbers and doubtful words are read twice" },
  { quality: "best", name: "Thorough", words: "everything is read twice" },
];

interface Props {
  readonly chosen: Quality;
  readonly onChange: (quality: Quality) => void;
}

/** How thoroughly the next uploads are read. */
export function QualityChoice({ chosen, onChange }: Props) {
  return (
    <details className="language-choice">
      <summary>Quality: {choices.find(({ quality }) => quality === chosen)?.name}</summary>
      <fieldset>
        <legend className="visually-hidden">Quality</legend>
        {choices.map(({ quality, name, words }) => (
          <label key={quality}>
            <input
              type="radio"
              name="quality"
              checked={quality === chosen}
              onChange={() => onChange(quality)}
            />
            <span>
              {name} <span className="muted small">({words})</span>
            </span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
