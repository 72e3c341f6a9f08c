/** Letters that are written from right to left: Hebrew, Arabic and their neighbours, and their presentation forms. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
/** What keeps its own order in such a word: numbers, Latin words. */
const leftToRightRun =
  /[\p{Nd}\p{Script=Latin}]+(?:[.,:/\-\p{Nd}\p{Script=Latin}]*[\p{Nd}\p{Script=Latin}])?/gu;
const cluster = /\P{M}\p{M}*/gu;

/** Signs that are seen the other way round in such a word. */
const mirrored: Readonly<Record<string, string>> = {
  "(": ")",
  ")": "(",
  "[": "]",
  "]": "[",
  "{": "}",
  "}": "{",
  "<": ">",
  ">": "<",
  "«": "»",
  "»": "«",
};

/** Whether a text is read from right to left, in whole or in part. */
export function readsRightToLeft(text: string): boolean {
  return rightToLeft.test(text);
}

/**
 * A word as it is seen from left to right. That is the order in which PDF writes, and from which programs that read it
 * turn words of Hebrew or Arabic around again.
 */
export function visualOrder(text: string): string {
  if (!readsRightToLeft(text)) return text;
  const reversed = (text.match(cluster) ?? [])
    .reverse()
    .map((sign) => mirrored[sign] ?? sign)
    .join("");
  return reversed.replace(leftToRightRun, (run) => [...run].reverse().join(""));
}
