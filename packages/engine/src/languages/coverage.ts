import type { Word } from "@quire/core";
import { readsScript, scriptOf } from "./script.ts";
import { usualLanguage } from "./usualFirst.ts";

/** Latin-script languages whose letters the recognisers' charsets lack: U+1E00–1EFF. */
const latinButNotCovered = ["vie"];
/** The language whose model is asked for where a script was seen and none of its models is installed. */
const usualOfScript: Readonly<Record<string, string>> = {
  Arabic: "ara",
  Bengali: "ben",
  Cyrillic: "rus",
  Devanagari: "hin",
  Greek: "ell",
  Han: "chi_sim",
  Hangul: "kor",
  Hebrew: "heb",
  Hiragana: "jpn",
  Japanese: "jpn",
  Kannada: "kan",
  Katakana: "jpn",
  Korean: "kor",
  Malayalam: "mal",
  Tamil: "tam",
  Telugu: "tel",
  Thai: "tha",
};

/** Whether PP-OCR's recognisers have the letters of a language, by the name of its Tesseract model. */
export function isCovered(language: string): boolean {
  return scriptOf(language) === "Latn" && !latinButNotCovered.includes(language);
}

/** What a page that was read by PP-OCR is in, as far as that matters for who should read it. */
export interface Suspicion {
  /** It is in another script: to be looked at, or known. Null: nothing speaks against what was read. */
  readonly script: "Greek" | "unknown" | null;
  /** It is in another script for sure, so that even a bad guess which one is better than none. */
  readonly surely: boolean;
  /** It is Vietnamese, or in Romanian, by its letters and words. */
  readonly language: "vie" | "ron" | null;
}

/**
 * A page may be in another script where its words have less confidence than this on the average (Cyrillic pages have 74 to
 * 84, Latin ones over 95, faxes included), or where so many of them have less than `doubtfulWord` (Greek, Arabic, Hebrew
 * and Chinese: 0.3 to 1; Latin: under 0.1).
 */
const minLatinConfidence = 87;
const doubtfulWord = 70;
const minDoubtful = 0.2;
/** With this share, and so many words, a page is in no Latin script whatever else is known of it. */
const surelyForeign = { share: 0.6, words: 20 };
/** Of fewer words nothing is concluded. */
const minWords = 3;
/** From so many of its letters in Greek, a page is Greek: a µ, an α or a Δ is on many a page. */
const minGreek = 0.3;
/** In Vietnamese every tenth letter is one of these. */
const minVietnamese = 0.03;
/** Of fewer letters nothing is concluded. */
const minLetters = 40;
/** Words that are common in Vietnamese and in no other language, without their marks: most are lost where they are read. */
const vietnameseWords = new Set([
  "duoc",
  "khong",
  "trong",
  "nhan",
  "cua",
  "nguoi",
  "nhung",
  "voi",
  "ngay",
  "benh",
]);
const minVietnameseWords = { distinct: 3, share: 0.05 };
/** Words that are common in Romanian and in no other language written in Latin letters, diacritics read or not. */
const romanianWords = new Set([
  "și",
  "şi",
  "si",
  "în",
  "este",
  "sunt",
  "pentru",
  "sau",
  "nu",
  "fost",
  "prin",
  "între",
  "dintre",
  "până",
  "fără",
]);
const surelyRomanian = new Set(["și", "şi", "pentru", "este", "sunt", "fără", "între", "până"]);
const minRomanian = 0.05;

/** Suspects a language or script that the recognisers do not cover. */
export function suspectUncovered(words: readonly Pick<Word, "text" | "confidence">[]): Suspicion {
  const text = words
    .map((word) => word.text)
    .join(" ")
    .normalize("NFC");
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  if (letters >= minLetters && count(/\p{Script=Greek}/gu) >= minGreek * letters)
    return { script: "Greek", surely: true, language: null };
  if (letters >= minLetters && (count(/[đơưĐƠƯ]/gu) >= minVietnamese * letters || isVietnamese(text)))
    return { script: null, surely: false, language: "vie" };
  const telling = words.filter((word) => letterOrDigit.test(word.text));
  const mean = telling.reduce((sum, { confidence }) => sum + confidence, 0) / telling.length;
  const doubtful = telling.filter(({ confidence }) => confidence < doubtfulWord).length / telling.length;
  return {
    script:
      telling.length >= minWords && (mean < minLatinConfidence || doubtful >= minDoubtful) ? "unknown" : null,
    surely: telling.length >= surelyForeign.words && doubtful >= surelyForeign.share,
    language: isRomanian(text) ? "ron" : null,
  };
}

const letterOrDigit = /[\p{L}\p{N}]/u;

function isVietnamese(text: string): boolean {
  const words =
    text
      .toLowerCase()
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .match(/\p{L}+/gu) ?? [];
  const common = words.filter((word) => vietnameseWords.has(word));
  const { distinct, share } = minVietnameseWords;
  return new Set(common).size >= distinct && common.length >= share * words.length;
}

function isRomanian(text: string): boolean {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const common = words.filter((word) => romanianWords.has(word));
  return common.some((word) => surelyRomanian.has(word)) && common.length >= minRomanian * words.length;
}

/** The installed model for a script, or null and the name of one to install. */
export function modelForScript(
  script: string,
  installed: readonly string[],
): { readonly model: string } | { readonly missing: string } {
  const usual = usualOfScript[script];
  const models = installed.filter((model) => readsScript(model, script));
  const model = usual && models.includes(usual) ? usual : models[0];
  return model ? { model } : { missing: usual ?? usualLanguage };
}
