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
}

/**
 * What is asked for that cannot be, as far as can be said before any document is opened.
 *
 * @throws QuireError `invalid_request`
 */
export function checkFormatOptions(
  files: readonly string[],
  { format, pdfa, output }: FormatChoice & { readonly output?: string },
): void {
  if (pdfa && format !== "pdf") throw invalid("--pdfa goes with --format pdf.");
  if (format !== "pdf" || output !== undefined) return;
  if (files.length > 1) throw invalid("Several PDFs need a folder to go to: --output FOLDER.");
  if (process.stdout.isTTY) throw invalid("A PDF is nothing for a terminal: --output FILE, or send it on.");
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
  { format, pdfa }: FormatChoice,
  { tempDir, limits }: Config,
): AsyncIterable<Uint8Array> {
  if (pdfa && facts.format === "pdf")
    throw invalid("--pdfa is for images and TIFF: pages of a PDF are left as they are, whatever is in them.");
  const document = { format, name, facts, pages, originalPath: path, password };
  return makeOutput(document, { archival: pdfa, tempDir, maxPagePixels: limits.maxPagePixels });
}

function invalid(what: string): QuireError {
  return new QuireError("invalid_request", what);
}
