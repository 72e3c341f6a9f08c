/** What Tesseract's models are called that are for one script of a language, and the script as Unicode codes it. */
const scriptCodes: Readonly<Record<string, string>> = {
  sim: "Hans",
  tra: "Hant",
  latn: "Latn",
  cyrl: "Cyrl",
};

/** The language tag (BCP 47) of what a model reads, not necessarily in its shortest form: "chi-Hans" for `chi_sim_vert`. */
export function languageTag(model: string): string {
  const [language = "", ...variants] = model.split("_");
  const script = variants.map((variant) => scriptCodes[variant]).find((code) => code !== undefined);
  return script ? `${language}-${script}` : language;
}
