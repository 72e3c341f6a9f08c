import { type Config, contentTypes, type DocumentFormat, type DocumentStatus, QuireError } from "@quire/core";
import { formatters, type OutputFormat } from "@quire/outputs";
import { type Access, AuditLog, type Database, type DocumentSummary } from "@quire/store";
import { type ExitCode, exitCodes, explain } from "./exitCodes.ts";
import { withInstallation } from "./installation.ts";
import { openOutput } from "./output.ts";
import { printable } from "./printable.ts";
import { counted, Tally } from "./tally.ts";
import { standing } from "./watch.ts";

/** `quire list`: the newest documents, one a line. */
export async function list(
  options: { readonly status?: DocumentStatus; readonly limit: number },
  config: Config,
): Promise<ExitCode> {
  return withInstallation(config, async ({ database, documents }) => {
    await logAccess(database, null, "listed");
    const rows = await documents.list({ status: options.status, limit: options.limit });
    if (rows.length === 0)
      process.stderr.write("Nothing here yet. Add documents with: npx quire add FILE…\n");
    for (const row of rows)
      process.stdout.write(`${row.id}  ${standing(row).padEnd(34)}  ${printable(row.filename)}\n`);
    return exitCodes.read;
  });
}

/** `quire show`: how a document stands and what went wrong with it, or with `--format` what was read. */
export async function show(
  idPrefix: string,
  { format }: { readonly format?: OutputFormat },
  config: Config,
): Promise<ExitCode> {
  return withInstallation(config, async ({ database, documents }) => {
    const id = await documents.find(idPrefix);
    await logAccess(database, id, format === undefined ? "read" : "exported");
    const summary = await documents.get(id);
    if (format === undefined) {
      process.stdout.write(describe(summary));
      for (const { pageNumber, code, message } of await documents.failedPages(id))
        process.stdout.write(`  page ${pageNumber}  ${code}: ${message}\n`);
      const story = await documents.story(id);
      for (const { at, code, message } of story) process.stdout.write(`  ${at}  ${code}: ${message}\n`);
      return exitCodes.read;
    }
    const output = await openOutput(undefined);
    const facts = {
      format: formatOf(summary),
      pageCount: summary.pageCount ?? summary.pagesDone,
      sizeBytes: summary.sizeBytes,
      conservative: false,
    };
    // What is shown is the visible run, whole or not, whatever else is being done with the document.
    const tally = new Tally();
    const pages = counted(documents.pages(id), tally);
    for await (const text of formatters[format]({ name: summary.filename, facts }, pages))
      await output.write(text);
    await output.finish();
    return tally.done === facts.pageCount && tally.failed.length === 0 ? exitCodes.read : exitCodes.partial;
  });
}

/** Before anything is shown: what cannot be logged is not. */
async function logAccess(database: Database, documentId: string | null, action: Access): Promise<void> {
  const log = new AuditLog(database);
  await log.access({ ownerId: null, documentId, actor: "operator", action, requestId: null });
}

function describe(summary: DocumentSummary): string {
  const { id, filename, lane, sizeBytes, createdAt, startedAt, finishedAt, errorMessage } = summary;
  const rows: [string, string | null][] = [
    ["document", id],
    ["file", printable(filename)],
    ["status", standing(summary)],
    ["why", errorMessage],
    ["size", `${(sizeBytes / 1_000_000).toFixed(2)} MB, ${lane}`],
    ["added", createdAt],
    ["started", startedAt],
    ["finished", finishedAt],
  ];
  return rows
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.padEnd(9)} ${value}\n`)
    .join("");
}

/** @throws QuireError why the document could not be opened; `document_busy` before anybody tried */
function formatOf({ contentType, errorCode, errorMessage }: DocumentSummary): DocumentFormat {
  const formats = Object.keys(contentTypes) as DocumentFormat[];
  const format = formats.find((name) => contentTypes[name] === contentType);
  if (format) return format;
  if (errorCode !== null) throw new QuireError(errorCode, errorMessage ?? "");
  throw new QuireError(
    "document_busy",
    "No page of the document has been read yet. `quire show ID` says how it stands.",
  );
}

/** `quire cancel`: a document stops within the page it is at. */
export async function cancel(idPrefix: string, config: Config): Promise<ExitCode> {
  return withInstallation(config, async ({ documents }) => {
    const status = await documents.cancel(await documents.find(idPrefix));
    process.stdout.write(`${status}\n`);
    return exitCodes.read;
  });
}

/** `quire reprocess`: reads a document anew; what is there stays until the new pages are complete. */
export async function reprocess(idPrefix: string, config: Config): Promise<ExitCode> {
  return withInstallation(config, async ({ documents }) => {
    await documents.reprocess(await documents.find(idPrefix));
    process.stdout.write("queued\n");
    return exitCodes.read;
  });
}

/** Dead letters put back by one command. */
const redriveAtMost = 10_000;

/** `quire redrive`: puts dead letters back; only their missing pages are read. */
export async function redrive(
  idPrefix: string | undefined,
  { all }: { readonly all: boolean },
  config: Config,
): Promise<ExitCode> {
  return withInstallation(config, async ({ documents }) => {
    if (idPrefix !== undefined) {
      await documents.redrive(await documents.find(idPrefix));
      process.stdout.write("queued\n");
      return exitCodes.read;
    }
    const letters = await documents.deadLetters(redriveAtMost);
    if (!all) {
      if (letters.length === 0) process.stderr.write("No document gave up.\n");
      for (const letter of letters)
        process.stdout.write(`${letter.id}  ${standing(letter)}  ${printable(letter.filename)}\n`);
      return exitCodes.read;
    }
    let refused = 0;
    for (const { id } of letters) {
      await documents.redrive(id).catch((error: unknown) => {
        if (!(error instanceof QuireError) || error.code === "database_unavailable") throw error;
        refused++;
        process.stderr.write(`quire: ${id}: ${explain(error)}\n`);
      });
    }
    process.stdout.write(`${letters.length - refused} put back\n`);
    return refused === 0 ? exitCodes.read : exitCodes.refused;
  });
}
