import { languageTag } from "./languageTag.ts";

/** The scripts that the osd model tells apart, by its names, and what the models for them are in (ISO 15924). */
const codesOfSeen: Readonly<Record<string, readonly string[]>> = {
  Arabic: ["Arab"],
  Bengali: ["Beng"],
  Cyrillic: ["Cyrl"],
  Devanagari: ["Deva"],
  Fraktur: ["Latn"],
  Greek: ["Grek"],
  Han: ["Hans", "Hant", "Jpan"],
  Hangul: ["Kore"],
  Hebrew: ["Hebr"],
  Hiragana: ["Jpan"],
  Japanese: ["Jpan"],
  Kannada: ["Knda"],
  Katakana: ["Jpan"],
  Korean: ["Kore"],
  Latin: ["Latn"],
  Malayalam: ["Mlym"],
  Tamil: ["Taml"],
  Telugu: ["Telu"],
  Thai: ["Thai"],
};

const scriptTitles = new Intl.DisplayNames("en", { type: "script" });

/**
 * The script of what a model reads, as ISO 15924 codes it; null where that is unknown. The Unicode CLDR knows in which
 * one a language is usually written (its likely subtags, by `Intl.Locale`).
 */
export function scriptOf(model: string): string | null {
  try {
    return new Intl.Locale(languageTag(model)).maximize().script ?? null;
  } catch {
    return null;
  }
}

/** "Cyrillic" for `rus`; "" where that is unknown. */
export function scriptTitle(model: string): string {
  const script = scriptOf(model);
  return script === null ? "" : (scriptTitles.of(script) ?? script);
}

/** Whether a model reads a script that was seen. */
export function readsScript(model: string, seen: string): boolean {
  const script = scriptOf(model);
  return script !== null && (codesOfSeen[seen]?.includes(script) ?? false);
}
