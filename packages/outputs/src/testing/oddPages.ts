import { failedPage, type PageReader, type PageResult, pageOutcomes, type Word } from "@quire/core";

/** What has broken XML writers: markup, ends of sections and comments, controls, halves of pairs, directions. */
const oddities = [
  ...["<", ">", "&", '"', "'", "]]>", "-->", "<!--", "<script>", "&amp;", "&#0;", "\\", ";", "-", "\u00AD"],
  ...["\0", "\b", "\v", "\u001F", "\u007F", "\u0085", "\uFFFE", "\uFFFF", "\uFDD0", "\uD800", "\uDC00"],
  ...["\u{1F600}", "\u{1FFFF}", "\u200E", "\u202E", "\u2028", "\u00A0", "\t", "\r\n", "e\u0301", "\u05D0"],
  ...["word", "naïve", "1,5", "ﬁ"],
];
const oddNumbers = [-1e9, -0.5, 0, 0.3, 17, 999.99, 1e9];
const oddLanguages = [[], ["eng"], ["deu_frak"], ["chi_sim"], ["equ"], ["eng", "fra"], ['"x'], ["a_b_c"]];
const oddReaders: (PageReader | null)[] = [
  null,
  { engine: "tesseract", version: 1, quality: "fast", models: [] },
  { engine: "pp-ocr", version: 2, quality: "best", models: ['a "b"; c\\', "<&%3B\0\uD800"] },
];

/** Pages of the strangest results that the schema of a page lets through; the same ones for the same seed. */
export function oddPages(count: number, seed: number): PageResult[] {
  const next = numbersFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[next(from.length)] as T;
  const text = () => Array.from({ length: 1 + next(5) }, () => pick(oddities)).join("");
  const point = () => ({ x: pick(oddNumbers), y: pick(oddNumbers) });
  const word = (): Word => ({
    text: text(),
    confidence: pick([0, 33.333_333, 100]),
    uncertain: pick([true, false]),
    ...(pick([true, false]) && { alternative: text() }),
    ...(pick([true, false]) && { polygon: [point(), point(), point(), point()] }),
    box: { x: pick(oddNumbers), y: pick(oddNumbers), width: pick(oddNumbers), height: pick(oddNumbers) },
    line: next(4),
    block: next(3),
  });
  return Array.from({ length: count }, (_, index) => ({
    ...failedPage(index + 1, { code: "page_unreadable", message: text() }),
    outcome: pick(pageOutcomes),
    words: Array.from({ length: next(12) }, word),
    meanConfidence: pick([null, 0, 66.6666, 100]),
    width: pick([0, 1, 1000]),
    height: pick([0, 1, 1400]),
    dpi: pick([0, 72, 299.7]),
    orientation: pick([0, 90, 180, 270] as const),
    skew: pick([-15, -0.1, 0, 3.25]),
    languages: pick(oddLanguages),
    reader: pick(oddReaders),
    ...(pick([true, false]) && { missingLanguage: text() }),
    error: pick([null, { code: "page_unreadable", message: text() }]),
  }));
}

/** Whole numbers below a limit, from a linear congruential generator (Numerical Recipes' constants). */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
