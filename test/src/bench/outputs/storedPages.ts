import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { PageResult } from "@quire/core";

/** Page results as `quire ocr --format ndjson` has written them, one at a time. @param count of the first pages */
export async function* storedPages(path: string, count: number): AsyncGenerator<PageResult> {
  const lines = createInterface({ input: createReadStream(path) });
  for await (const line of lines) {
    const page = JSON.parse(line) as PageResult;
    if (page.pageNumber > count) return;
    yield page;
  }
}
