import { failedPage, type PageResult, type Word } from "@quire/core";

export const letterFacts = { format: "pdf", pageCount: 3, sizeBytes: 1000, conservative: false } as const;

/** A page of 1,000 by 1,400 pixels at 100 dpi with these words. */
export function pageOf(words: readonly Word[], about: Partial<PageResult> = {}): PageResult {
  return {
    ...failedPage(1, { code: "page_unreadable", message: "" }),
    outcome: "recognized",
    text: words.map(({ text }) => text).join(" "),
    words: [...words],
    meanConfidence: 90,
    width: 1000,
    height: 1400,
    dpi: 100,
    languages: ["eng"],
    error: null,
    ...about,
  };
}

/** A word of 20 pixels' height; 10 pixels a character. */
export function wordAt(text: string, x: number, y: number, line = 0, block = 0): Word {
  return { text, confidence: 91.5, box: { x, y, width: [...text].length * 10, height: 20 }, line, block };
}

/** All that comes out, in one piece. */
export async function collected(parts: AsyncIterable<string>): Promise<string> {
  let all = "";
  for await (const part of parts) all += part;
  return all;
}

/** Pages as they come from the engine: one by one. */
export async function* oneByOne(pages: readonly PageResult[]): AsyncGenerator<PageResult> {
  yield* pages;
}
