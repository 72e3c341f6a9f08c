import { languageName } from "../wording/languages.ts";
import "./LanguageChoice.css";

/** The server takes no more for a document. */
const maxLanguages = 10;

interface Props {
  readonly installed: readonly string[];
  /** At least one. */
  readonly chosen: readonly string[];
  readonly onChange: (languages: readonly string[]) => void;
}

/** Which languages the next uploads are in. Nothing where there is nothing to choose. */
export function LanguageChoice({ installed, chosen, onChange }: Props) {
  if (installed.length < 2) {
    return null;
  }
  const isFixed = (isChosen: boolean) => chosen.length === (isChosen ? 1 : maxLanguages);
  return (
    <details className="language-choice">
      <summary>Language of the documents: {chosen.map(languageName).join(", ")}</summary>
      <fieldset>
        <legend className="visually-hidden">Languages of the documents</legend>
        {installed.map((code) => {
          const isChosen = chosen.includes(code);
          return (
            <label key={code}>
              <input
                type="checkbox"
                checked={isChosen}
                disabled={isFixed(isChosen)}
                onChange={() =>
                  onChange(isChosen ? chosen.filter((other) => other !== code) : [...chosen, code])
                }
              />
              {languageName(code)}
            </label>
          );
        })}
      </fieldset>
    </details>
  );
}

/** What is read where nobody chose: English, as everywhere, or whatever there is instead. */
export function defaultLanguages(installed: readonly string[]): readonly string[] {
  return installed.includes("eng") ? ["eng"] : installed.slice(0, 1);
}
