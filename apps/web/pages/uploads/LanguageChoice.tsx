import { languageName } from "../wording/languages.ts";
import "./LanguageChoice.css";

interface Props {
  readonly installed: readonly string[];
  /** None: the server's own choice. */
  readonly chosen: readonly string[];
  readonly onChange: (languages: readonly string[]) => void;
}

/** Which languages the next uploads are in. Nothing where there is nothing to choose. */
export function LanguageChoice({ installed, chosen, onChange }: Props) {
  if (installed.length < 2) {
    return null;
  }
  const words = chosen.length === 0 ? "automatic" : chosen.map(languageName).join(", ");
  return (
    <details className="language-choice">
      <summary>Language of the documents: {words}</summary>
      <fieldset>
        <legend className="visually-hidden">Languages of the documents</legend>
        {installed.map((code) => (
          <label key={code}>
            <input
              type="checkbox"
              checked={chosen.includes(code)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, code] : chosen.filter((other) => other !== code))
              }
            />
            {languageName(code)}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
