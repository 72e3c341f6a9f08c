import { type Config, type DocumentFacts, formatOf, QuireError } from "@quire/core";
import { type FileFormat, makeOutput } from "@quire/outputs";
import { type DocumentSummary, KeptOutputs, type OutputStanding } from "@quire/store";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import type { Installation } from "./installation.ts";
import { openOutput } from "./output.ts";
import { counted, Tally } from "./tally.ts";

interface Written {
  readonly format: FileFormat;
  /** Undefined: to standard output. */
  readonly output?: string | undefined;
  readonly markUncertain: boolean;
}

/**
 * Writes a document in a format: from the file that is kept of it, which is made if it is not there. While it is being
 * read nothing is kept: then it is what has been read so far, and no PDF.
 *
 * @throws QuireError `document_busy`, `output_unwritable`; what {@link KeptOutputs.get} throws
 */
export async function writeDocument(
  summary: DocumentSummary,
  { format, output: path, markUncertain }: Written,
  installation: Installation,
  config: Config,
): Promise<ExitCode> {
  const { documents } = installation;
  const facts = factsOf(summary);
  const standing = await documents.output(summary.id, format);
  const { content, tally } = await contentOf(
    { standing, name: summary.filename, facts, markUncertain },
    installation,
    config,
  );
  const output = await openOutput(path);
  try {
    for await (const data of content) await output.write(data);
    await output.finish();
  } catch (error) {
    await output.abandon();
    throw error;
  }
  const [pages, failed] = tally ? [tally.done, tally.failed.length] : [standing.pages, standing.pagesFailed];
  return pages === facts.pageCount && failed === 0 ? exitCodes.read : exitCodes.partial;
}

interface WantedDocument {
  readonly standing: OutputStanding<FileFormat>;
  readonly name: string;
  readonly facts: DocumentFacts;
  readonly markUncertain: boolean;
}

interface Content {
  readonly content: AsyncIterable<string | Uint8Array>;
  /** Of what is not kept: the pages that go by. */
  readonly tally: Tally | null;
}

async function contentOf(
  wanted: WantedDocument,
  installation: Installation,
  config: Config,
): Promise<Content> {
  const { name, facts, markUncertain } = wanted;
  const { documentId, format, isSettled, claim } = wanted.standing;
  const { tempDir, limits } = config;
  const asRead = (): Content | null => {
    if (format === "pdf") return null;
    const tally = new Tally();
    const pages = counted(installation.documents.pages(documentId), tally);
    const options = { markUncertain, tempDir, maxPagePixels: limits.maxPagePixels };
    return { content: makeOutput({ format, name, facts, pages, originalPath: null }, options), tally };
  };
  // Files are kept without marks.
  const isKept = isSettled && claim !== null && !markUncertain;
  try {
    return (isKept ? null : asRead()) ?? { content: await kept(wanted, installation, config), tally: null };
  } catch (error) {
    // The pages are in the database: what needs no more is had where the files are not.
    const isStorageAway = error instanceof QuireError && error.code === "storage_unavailable";
    const instead = isStorageAway ? asRead() : null;
    if (!instead) throw error;
    return instead;
  }
}

async function kept(
  wanted: WantedDocument,
  { database, files }: Installation,
  { tempDir, limits: { maxFileBytes, maxPagePixels } }: Config,
): Promise<AsyncIterable<Uint8Array>> {
  const outputs = new KeptOutputs<FileFormat>({
    ...{ database, files, tempDir, maxFileBytes },
    make: (output) => makeOutput(output, { signal: output.signal, tempDir, maxPagePixels }),
  });
  const output = await outputs.get(wanted);
  return output.open();
}

/** @throws QuireError why the document could not be opened; `document_busy` before anybody tried */
function factsOf(summary: DocumentSummary): DocumentFacts {
  const { contentType, errorCode, errorMessage, pageCount, pagesDone, sizeBytes } = summary;
  const format = formatOf(contentType);
  if (format) return { format, pageCount: pageCount ?? pagesDone, sizeBytes, conservative: false };
  if (errorCode !== null) throw new QuireError(errorCode, errorMessage ?? "");
  throw new QuireError(
    "document_busy",
    "No page of the document has been read yet. `quire show ID` says how it stands.",
  );
}
