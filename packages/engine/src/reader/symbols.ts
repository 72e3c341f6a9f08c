/** Characters that stand for the same sign on paper, with the one that documents mean by it. */
const sameSigns: Readonly<Record<string, string>> = { "□": "☐", "℃": "°C", "℉": "°F" };
/** A Greek mu before a unit is the micro sign: `µg/l`, `µmol`, `10³/µl`. */
const microBeforeUnit = /μ(?=[glmsLAKVWM])/gu;
const greek = /[\u0370-\u03ff]/gu;

/** The text of a word with each sign as documents have it; no letter or digit becomes another. */
export function unifySymbols(text: string): string {
  const unified = text.replace(/[□℃℉]/gu, (sign) => sameSigns[sign] as string);
  // In a Greek word it is a letter.
  return (unified.match(greek)?.length ?? 0) > 1 ? unified : unified.replace(microBeforeUnit, "µ");
}
