import type { PageResult } from "@quire/core";
import type { OutputDocument } from "./formatPages.ts";
import { formatters, type OutputFormat } from "./formats.ts";

/** A document in a format, and all that it is made of. */
export interface MadeOutput extends OutputDocument {
  readonly format: OutputFormat;
  /** In page order. */
  readonly pages: AsyncIterable<PageResult>;
}

/**
 * A document in one of the formats, as the bytes of a file; what is held is a page.
 *
 * @throws whatever `pages` throws
 */
export async function* makeOutput({
  format,
  pages,
  ...document
}: MadeOutput): AsyncGenerator<Uint8Array, void, void> {
  for await (const text of formatters[format](document, pages)) if (text !== "") yield Buffer.from(text);
}
