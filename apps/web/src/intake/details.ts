import { automaticLanguage, correctionModes, QuireError, qualities, textLayerModes } from "@quire/core";
import { findModel, parseLanguages } from "@quire/engine";
import type { StoredOptions } from "@quire/store";
import { cleanFilename } from "./filename.ts";

/** What may be said of a document beside its content: as parameters, as fields of a form, or as TUS metadata. */
export const detailNames = ["filename", "languages", "textLayer", "rotate", "quality", "force"] as const;
export type DetailName = (typeof detailNames)[number];
export type GivenDetails = Readonly<Partial<Record<DetailName, string | null | undefined>>>;

export interface Details {
  readonly filename: string;
  readonly options: StoredOptions;
  /** Read it again even if the same content is there already. */
  readonly force: boolean;
}

const maxLanguages = 10;
/** `+`, as the command line has it, is a space in an address. */
const betweenLanguages = /[,+ ]+/;

/**
 * @param tessdataDir where models are looked for; null: in the npm packages
 * @throws QuireError `language_missing`, `invalid_document`, `invalid_request`
 */
export function readDetails(given: GivenDetails, tessdataDir: string | null): Details {
  const quality = given.quality ? choiceOf("quality", given.quality, qualities) : undefined;
  return {
    filename: cleanFilename(given.filename ?? ""),
    options: {
      languages: languagesOf(given.languages || automaticLanguage, tessdataDir),
      textLayer: choiceOf("textLayer", given.textLayer || "auto", textLayerModes),
      rotate: choiceOf("rotate", given.rotate || "auto", correctionModes),
      ...(quality && { quality }),
    },
    force: flagOf("force", given.force ?? ""),
  };
}

/** As they can be read again: for a resumable upload, whose end may be long after its beginning. */
export function writeDetails({ filename, options, force }: Details): Record<DetailName, string> {
  const { languages, textLayer, rotate, quality = "" } = options;
  return { filename, languages: languages.join(","), textLayer, rotate, quality, force: force ? "1" : "0" };
}

function languagesOf(given: string, tessdataDir: string | null): string[] {
  const names = [...new Set(given.split(betweenLanguages).filter((name) => name !== ""))];
  if (names.length === 0 || names.length > maxLanguages)
    throw new QuireError(
      "invalid_document",
      `languages: 1 to ${maxLanguages}, such as eng,fra, or auto alone.`,
    );
  const languages = parseLanguages(names.join("+"));
  if (languages[0] === automaticLanguage) return languages;
  for (const language of languages) findModel(language, tessdataDir);
  return languages;
}

function choiceOf<Choice extends string>(
  name: DetailName,
  given: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((each) => each === given);
  if (choice) return choice;
  throw new QuireError("invalid_document", `${name}: one of ${choices.join(", ")}.`);
}

function flagOf(name: string, given: string): boolean {
  if (given === "1" || given === "true") return true;
  if (given === "" || given === "0" || given === "false") return false;
  throw new QuireError("invalid_request", `${name}: 1 or 0.`);
}
