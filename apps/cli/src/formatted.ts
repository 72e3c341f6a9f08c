import { type Config, type DocumentFacts, type PageResult, QuireError } from "@quire/core";
import { type FileFormat, makeOutput } from "@quire/outputs";

/** A document as it lies on this machine. */
export interface Original {
  readonly path: string;
  readonly name: string;
  readonly facts: DocumentFacts;
  readonly password?: string | undefined;
}

export interface FormatChoice {
  readonly format: FileFormat;
  /** The PDF is to be PDF/A-2b. */
  readonly pdfa: boolean;
  /** Words that a person should check are marked in formats that are text. */
  readonly markUncertain: boolean;
}

/** The others say of every word whether it is uncertain, or are a picture of the page. */
export const markableFormats: readonly FileFormat[] = ["text"];

/**
 * What is asked for that cannot be, as far as can be said before any document is opened.
 *
 * @throws QuireError `invalid_request`
 */
export function checkFormatOptions(
  files: readonly string[],
  { format, pdfa, markUncertain, output }: FormatChoice & { readonly output?: string },
): void {
  if (pdfa && format !== "pdf") throw invalid("--pdfa goes with --format pdf.");
  if (markUncertain && !markableFormats.includes(format))
    throw invalid(`--mark-uncertain goes with --format ${markableFormats.join(" or ")}.`);
  if (format !== "pdf" || output !== undefined) return;
  if (files.length > 1) throw invalid("Several PDFs need a folder to go to: --output FOLDER.");
  if (process.stdout.isTTY)
    throw invalid("Refusing to write a PDF to a terminal. Use --output FILE or redirect stdout.");
}

/**
 * A document in the format that was asked for, piece by piece. For a PDF no page is asked for after it is known
 * that none can be made.
 *
 * @throws QuireError `invalid_request`; what `makeOutput` throws
 */
export function formatted(
  { path, name, facts, password }: Original,
  pages: AsyncIterable<PageResult>,
  { format, pdfa, markUncertain }: FormatChoice,
  { tempDir, limits }: Config,
): AsyncIterable<Uint8Array> {
  if (pdfa && facts.format === "pdf")
    throw invalid("--pdfa is for images and TIFF only: the pages of a PDF are not changed.");
  const document = { format, name, facts, pages, originalPath: path, password };
  const options = { archival: pdfa, markUncertain, tempDir, maxPagePixels: limits.maxPagePixels };
  return makeOutput(document, options);
}

function invalid(what: string): QuireError {
  return new QuireError("invalid_request", what);
}
