import { failedPage, type PageReader, type PageResult, type Word } from "@quire/core";

export const letterFacts = { format: "pdf", pageCount: 3, sizeBytes: 1000, conservative: false } as const;

/** What reads the pages of these tests. */
export const sampleReader: PageReader = {
  engine: "pp-ocr",
  version: 2,
  quality: "balanced",
  models: ["detection", "recognition; latin"],
};

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
    reader: sampleReader,
    error: null,
    ...about,
  };
}

/** A word of 20 pixels' height; 10 pixels a character. */
export function wordAt(text: string, x: number, y: number, line = 0, block = 0): Word {
  const box = { x, y, width: [...text].length * 10, height: 20 };
  return { text, confidence: 91.5, uncertain: false, box, line, block };
}

/** A word at the same place that is uncertain; on a number, what the other reader read. */
export function uncertainAt(text: string, x: number, y: number, alternative?: string): Word {
  return {
    ...wordAt(text, x, y),
    confidence: 48,
    uncertain: true,
    ...(alternative !== undefined && { alternative }),
  };
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
