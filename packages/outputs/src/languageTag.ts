/** Tesseract's names that are not a language and a script (ISO 639, ISO 15924) joined by an underscore. */
const ownNames: Readonly<Record<string, string>> = {
  chi_sim: "zh-Hans",
  chi_tra: "zh-Hant",
  chi_sim_vert: "zh-Hans",
  chi_tra_vert: "zh-Hant",
  dan_frak: "da-Latf",
  deu_frak: "de-Latf",
  slk_frak: "sk-Latf",
  frk: "de-Latf",
};
/** Said of a model, not of the language. */
const aboutTheModel = /_(old|vert)$/;

/**
 * The BCP 47 tag of a language as Tesseract names it: `en` for `eng`, `sr-Latn` for `srp_latn`; it also is what XML
 * Schema takes for a language. Undefined for what is none, such as `equ` (formulas) or a model of a script.
 */
export function languageTag(name: string): string | undefined {
  if (name === "equ" || name === "osd") return undefined;
  const own = ownNames[name];
  if (own !== undefined) return own;
  try {
    return Intl.getCanonicalLocales(name.replace(aboutTheModel, "").replaceAll("_", "-"))[0];
  } catch {
    return undefined;
  }
}

/** The language of a page, where it was read in one alone: of several, nobody knows which word is in which. */
export function pageLanguage({ languages }: { readonly languages: readonly string[] }): string | undefined {
  const [language] = languages;
  return language !== undefined && languages.length === 1 ? languageTag(language) : undefined;
}
