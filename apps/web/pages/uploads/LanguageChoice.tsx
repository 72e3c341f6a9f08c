import { languageName } from "../wording/languages.ts";
import "./LanguageChoice.css";

/** What the server takes instead of languages: it detects them. */
const automatic = "auto";
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
  const isAutomatic = chosen[0] === automatic;
  const isFixed = (isChosen: boolean) => chosen.length === (isChosen ? 1 : maxLanguages);
  return (
    <details className="language-choice">
      <summary>
        Language of the documents:{" "}
        {isAutomatic ? "detected automatically" : chosen.map(languageName).join(", ")}
      </summary>
      <fieldset>
        <legend className="visually-hidden">Languages of the documents</legend>
        <label>
          <input
            type="checkbox"
            checked={isAutomatic}
            onChange={() => onChange(isAutomatic ? firstNamed(installed) : defaultLanguages)}
          />
          Detect automatically
        </label>
        {installed.map((code) => {
          const isChosen = chosen.includes(code);
          return (
            <label key={code}>
              <input
                type="checkbox"
                checked={isChosen}
                disabled={!isAutomatic && isFixed(isChosen)}
                onChange={() => onChange(toggled(chosen, code))}
              />
              {languageName(code)}
            </label>
          );
        })}
      </fieldset>
    </details>
  );
}

/** A language, or one more, or one less. */
function toggled(chosen: readonly string[], code: string): readonly string[] {
  const named = chosen.filter((other) => other !== automatic);
  return named.includes(code) ? named.filter((other) => other !== code) : [...named, code];
}

/** What is read where nobody chose. */
export const defaultLanguages: readonly string[] = [automatic];

/** What is named first where the language is not to be detected. */
function firstNamed(installed: readonly string[]): readonly string[] {
  return installed.includes("eng") ? ["eng"] : installed.slice(0, 1);
}
