const names = new Intl.DisplayNames(undefined, { type: "language", fallback: "none" });

/** Models that are named after a script, as the web names them. */
const scripts: Readonly<Record<string, string>> = { chi_sim: "zh-Hans", chi_tra: "zh-Hant" };

/** "French" for `fra`, as the reader's language calls it; the code itself where it has no name. */
export function languageName(code: string): string {
  try {
    return names.of(scripts[code] ?? code) ?? code;
  } catch {
    return code;
  }
}
