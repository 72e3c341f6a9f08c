import { type Config, type DocumentStatus, QuireError } from "@quire/core";
import type { FileFormat } from "@quire/outputs";
import { type Access, AuditLog, type Database, type DocumentSummary } from "@quire/store";
import { type ExitCode, exitCodes, explain } from "./exitCodes.ts";
import { checkFormatOptions } from "./formatted.ts";
import { withInstallation } from "./installation.ts";
import { numbersToCheck } from "./numbersToCheck.ts";
import { printable } from "./printable.ts";
import { standing } from "./watch.ts";
import { writeDocument } from "./writeDocument.ts";

/** `quire list`: the newest documents, one a line. */
export async function list(
  options: { readonly status?: DocumentStatus; readonly limit: number },
  config: Config,
): Promise<ExitCode> {
  return withInstallation(config, async ({ database, documents }) => {
    await logAccess(database, null, "listed");
    const rows = await documents.list({ status: options.status, limit: options.limit });
    if (rows.length === 0) process.stderr.write("No documents yet. Add some with: npx quire add FILE…\n");
    for (const row of rows)
      process.stdout.write(`${row.id}  ${standing(row).padEnd(45)}  ${printable(row.filename)}\n`);
    return exitCodes.read;
  });
}

export interface ShowOptions {
  readonly format?: FileFormat;
  readonly output?: string;
  readonly markUncertain: boolean;
}

/** `quire show`: a document's state and what went wrong with it, or with `--format` its text. */
export async function show(
  idPrefix: string,
  { format, output, markUncertain }: ShowOptions,
  config: Config,
): Promise<ExitCode> {
  if (format !== undefined)
    checkFormatOptions([idPrefix], {
      ...{ format, pdfa: false, markUncertain },
      ...(output !== undefined && { output }),
    });
  else if (output !== undefined || markUncertain)
    throw new QuireError("invalid_request", "--output and --mark-uncertain go with --format.");
  return withInstallation(config, async (installation) => {
    const { database, documents } = installation;
    const id = await documents.find(idPrefix);
    await logAccess(database, id, format === undefined ? "read" : "exported");
    const summary = await documents.get(id);
    if (format !== undefined)
      return writeDocument(summary, { format, output, markUncertain }, installation, config);
    process.stdout.write(describe(summary));
    for (const { pageNumber, code, message } of await documents.failedPages(id))
      process.stdout.write(`  page ${pageNumber}  ${code}: ${message}\n`);
    const story = await documents.story(id);
    for (const { at, code, message } of story) process.stdout.write(`  ${at}  ${code}: ${message}\n`);
    return exitCodes.read;
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
    ["check", toCheck(summary)],
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

function toCheck({ pagesDone, uncertainNumbers, uncertainPages }: DocumentSummary): string | null {
  if (uncertainNumbers === null)
    return "not known: an earlier version read it. Read it again with: quire reprocess ID";
  return pagesDone === 0 ? null : numbersToCheck(uncertainNumbers, uncertainPages);
}

/** `quire cancel`: a document stops within the page it is at. */
export async function cancel(idPrefix: string, config: Config): Promise<ExitCode> {
  return withInstallation(config, async ({ documents }) => {
    const status = await documents.cancel(await documents.find(idPrefix));
    process.stdout.write(`${status}\n`);
    return exitCodes.read;
  });
}

/** Failed documents that one command queues. */
const redriveAtMost = 10_000;

/** `quire redrive`: queues failed documents again; only their missing pages are read. */
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
      if (letters.length === 0) process.stderr.write("No failed documents.\n");
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
    process.stdout.write(`${letters.length - refused} queued\n`);
    return refused === 0 ? exitCodes.read : exitCodes.refused;
  });
}
