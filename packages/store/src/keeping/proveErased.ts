import type pg from "pg";
import { connectClient, type Statements } from "../database.ts";
import { allKeys, namesOneOf, type StoredKeys } from "./storedKeys.ts";

/** What is to be gone: an owner with all that is theirs, or some documents. */
export interface Erased {
  readonly ownerId: string | null;
  readonly documentIds: readonly string[];
}

/** That nothing is left, or what is. */
export interface ErasureProof {
  /** Tables that were looked through: all there are. */
  readonly tables: number;
  readonly files: number;
  /** Rows that should not be there, by table. */
  readonly rowsLeft: Readonly<Record<string, number>>;
  readonly filesLeft: number;
  /** Rows that are kept, by table: ids, and no content. */
  readonly rowsKept: Readonly<Record<string, number>>;
}

const schemas = ["public", "quire", "pgboss"];
const idsAtATime = 10_000;
/** A table of a million rows is read through within a minute. */
const tableWithinMs = 10 * 60_000;

/** That something was done stays known, and by a document's id that it was there: docs/decisions/0010. */
const keeps = { audit: "public.audit_log", traces: "public.erased_documents" };

/**
 * Looks for the ids in every table of the database, as its catalogue lists them, and in every key of the file store.
 *
 * @throws QuireError `database_unavailable`, `storage_unavailable`
 */
export async function proveErased(
  databaseUrl: string,
  files: StoredKeys,
  { ownerId, documentIds }: Erased,
): Promise<ErasureProof> {
  const ids = ownerId === null ? documentIds : [ownerId, ...documentIds];
  const client = await connectClient(databaseUrl, "quire proof");
  const [rowsLeft, rowsKept]: Record<string, number>[] = [{}, {}];
  const tables = await tablesOf(client);
  try {
    await client.query(`set statement_timeout = ${tableWithinMs}`);
    for (const table of tables) {
      const count = await countIn(client, table, ids);
      const isKept = Object.values(keeps).includes(table);
      // Of an owner who is erased no trace names whose it was.
      const ofOwner =
        table === keeps.traces && ownerId !== null ? await countIn(client, table, [ownerId]) : 0;
      const left = isKept ? ofOwner : count;
      if (left > 0 && rowsLeft) rowsLeft[table] = left;
      if (count - left > 0 && rowsKept) rowsKept[table] = count - left;
    }
  } finally {
    await client.end();
  }
  const stored = await countFiles(files, new Set(ids));
  return { tables: tables.length, rowsLeft: rowsLeft ?? {}, rowsKept: rowsKept ?? {}, ...stored };
}

/** Whether nothing is left. */
export function isComplete({ rowsLeft, filesLeft }: ErasureProof): boolean {
  return filesLeft === 0 && Object.keys(rowsLeft).length === 0;
}

/** The figures of a proof, for the audit log. */
export function figuresOf(proof: ErasureProof, { documentIds }: Erased): Record<string, number> {
  const sum = (rows: Readonly<Record<string, number>>) => Object.values(rows).reduce((a, b) => a + b, 0);
  const { tables, files, filesLeft, rowsLeft, rowsKept } = proof;
  const documents = documentIds.length;
  return { documents, tables, files, filesLeft, rowsLeft: sum(rowsLeft), rowsKept: sum(rowsKept) };
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1) and c.relkind in ('r', 'm') order by 1`,
    [schemas],
  );
  return rows.map(({ name }) => name);
}

async function countIn(client: pg.Client, table: string, ids: readonly string[]): Promise<number> {
  let count = 0;
  for (let start = 0; start < ids.length; start += idsAtATime) {
    const { rows } = await client.query<{ count: string }>("select quire.count_traces($1, $2) as count", [
      table,
      ids.slice(start, start + idsAtATime),
    ]);
    count += Number(rows[0]?.count ?? 0);
  }
  return count;
}

async function countFiles(files: StoredKeys, ids: ReadonlySet<string>) {
  const counts = { files: 0, filesLeft: 0 };
  for await (const key of allKeys(files)) {
    counts.files++;
    if (namesOneOf(key, ids)) counts.filesLeft++;
  }
  return counts;
}

/** Until when files of erased documents are looked for again; null: not any more. */
export async function filesAwaited(
  database: Statements,
  { ownerId, documentIds }: Erased,
): Promise<Date | null> {
  const [row] = await database.query<{ due: Date | null }>(
    `select max(f.due_at) as due from quire.files_to_delete f
     where f.attempts = 0 and (split_part(f.key, '/', 1) = $1 or split_part(f.key, '/', 2) = any($2))`,
    [ownerId, documentIds],
  );
  return row?.due ?? null;
}
