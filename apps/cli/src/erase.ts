import { createInterface } from "node:readline/promises";
import { setTimeout as delay } from "node:timers/promises";
import { type Config, QuireError } from "@quire/core";
import {
  AuditLog,
  assertOwnerId,
  deleteFilesOf,
  type Erased,
  type ErasureProof,
  eraseDocuments,
  eraseOwner,
  figuresOf,
  filesAwaited,
  isComplete,
  proveErased,
} from "@quire/store";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { type Installation, withInstallation } from "./installation.ts";

export interface EraseOptions {
  readonly owner?: string;
  readonly yes: boolean;
}

/** `quire erase`: documents, or all of an owner, for good; and the proof that nothing is left. */
export async function erase(
  ids: readonly string[],
  { owner, yes }: EraseOptions,
  config: Config,
): Promise<ExitCode> {
  if ((owner === undefined) === (ids.length === 0))
    throw new QuireError("invalid_request", "Name documents by their ids, or an owner: --owner ID.");
  const ownerId = owner === undefined ? null : assertOwnerId(owner);
  return withInstallation(config, async (installation) => {
    const { database, files } = installation;
    const documents = ownerId === null ? await Promise.all(ids.map((id) => fullId(id, installation))) : [];
    const what = ownerId === null ? counted(documents.length) : `all documents of ${ownerId}`;
    if (!yes) await confirm(what);
    const erased =
      ownerId === null ? await eraseDocuments(database, documents) : await eraseOwner(database, ownerId);
    await deleteFilesOf(database, files, erased);
    await awaitLateFiles(installation, erased);
    const proof = await proveErased(database.url, files, erased);
    await noteProof(installation, erased, proof);
    process.stdout.write(describe(proof, erased));
    return isComplete(proof) ? exitCodes.read : exitCodes.partial;
  });
}

const counted = (count: number) => `${count} document${count === 1 ? "" : "s"}`;

/** Of a document that is there, what people type of its id; of one that is erased already, all of it. */
async function fullId(id: string, { documents }: Installation): Promise<string> {
  return id.length === 36 ? id : documents.find(id);
}

/** @throws QuireError `invalid_request` unless somebody says yes */
async function confirm(what: string): Promise<void> {
  if (process.stdin.isTTY && process.stdout.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await terminal.question(`Erase ${what} for good? Type yes: `);
    terminal.close();
    if (answer.trim() === "yes") return;
    throw new QuireError("invalid_request", "Nothing was erased.");
  }
  throw new QuireError("invalid_request", `Nothing was erased. To erase ${what} for good, add --yes.`);
}

const lookEveryMs = 1_000;

/** A worker that was reading one of them may have stored a picture since: what it can have stored is looked for again. */
async function awaitLateFiles({ database, files }: Installation, erased: Erased): Promise<void> {
  const until = await filesAwaited(database, erased);
  if (until === null) return;
  process.stderr.write(
    `A worker was reading one of them. What it may yet have stored is looked for again at ${until.toISOString()}: ` +
      "waiting. (Ctrl-C: a worker does it then, and this command may be called again for the proof.)\n",
  );
  for (let due: Date | null = until; due !== null && due.getTime() > Date.now(); ) {
    await delay(lookEveryMs);
    due = await filesAwaited(database, erased);
  }
  await deleteFilesOf(database, files, erased);
}

async function noteProof({ database }: Installation, erased: Erased, proof: ErasureProof): Promise<void> {
  const log = new AuditLog(database);
  const figures = figuresOf(proof, erased);
  if (erased.ownerId !== null) {
    await log.note("erasure_proved", { ownerId: erased.ownerId, documentId: null }, figures);
    return;
  }
  for (const documentId of erased.documentIds)
    await log.note("erasure_proved", { ownerId: null, documentId }, figures);
}

function describe(proof: ErasureProof, { documentIds }: Erased): string {
  const list = (rows: Readonly<Record<string, number>>) =>
    Object.entries(rows).map(([table, count]) => `  ${count} rows of ${table}\n`);
  return [
    `erased    ${counted(documentIds.length)}\n`,
    `searched  ${proof.tables} tables, ${proof.files} files\n`,
    isComplete(proof)
      ? "left      nothing\n"
      : "left, and not to be: see the log of the file store, and try again\n",
    ...list(proof.rowsLeft),
    ...(proof.filesLeft > 0 ? [`  ${proof.filesLeft} files\n`] : []),
    ...(Object.keys(proof.rowsKept).length > 0 ? ["kept      ids, and no content:\n"] : []),
    ...list(proof.rowsKept),
  ].join("");
}
