import type { PageResult } from "@quire/core";
import type { FileFormat } from "./fileFormats.ts";
import type { OutputDocument } from "./formatPages.ts";
import { formatters } from "./formats.ts";
import { type MakePdfOptions, makePdf } from "./maker/makePdf.ts";
import type { PdfSource } from "./pdf/writePdf.ts";

/** A document in a format, and all that it is made of. */
export interface MadeOutput extends OutputDocument {
  readonly format: FileFormat;
  /** In page order. */
  readonly pages: AsyncIterable<PageResult>;
  /** Where the file that was read lies on this machine: a PDF is made of it. */
  readonly originalPath: string | null;
  /** Of the original, where it needs one. */
  readonly password?: string | undefined;
}

export interface MakeOutputOptions extends MakePdfOptions, Pick<PdfSource, "maxPagePixels"> {
  /** A PDF of images is to be PDF/A-2b; by default not. */
  readonly archival?: boolean;
  /** In text, `[?]` follows every word that a person should check; by default not. */
  readonly markUncertain?: boolean;
}

/**
 * A document in one of the formats, as the bytes of a file; what is held is a page.
 *
 * @throws what `makePdf` throws; `temp_dir_unavailable` for ALTO; whatever `pages` throws
 */
export async function* makeOutput(
  { format, pages, originalPath, name, facts, password }: MadeOutput,
  { maxPagePixels, archival = false, markUncertain = false, ...options }: MakeOutputOptions,
): AsyncGenerator<Uint8Array, void, void> {
  if (format !== "pdf") {
    const { tempDir = null } = options;
    for await (const text of formatters[format]({ name, facts }, pages, { markUncertain, tempDir }))
      if (text !== "") yield Buffer.from(text);
    return;
  }
  if (originalPath === null) throw new Error("a PDF is made of the original, which was not given");
  const source = {
    path: originalPath,
    format: facts.format,
    pageCount: facts.pageCount,
    name,
    archival,
    ...(password !== undefined && { password }),
    ...(maxPagePixels !== undefined && { maxPagePixels }),
  };
  yield* makePdf(source, pages, options);
}
