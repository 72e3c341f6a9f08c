import type pg from "pg";
import { connectClient } from "../database.ts";
import { allKeys, type StoredKeys } from "../keeping/storedKeys.ts";
import { type Check, checks, orphanFilesCheck } from "./checks.ts";

/** What one check found. */
export interface Finding {
  readonly name: string;
  readonly meaning: string;
  readonly count: number;
  /** Some of them: ids, or keys of files. */
  readonly examples: readonly string[];
  /** How many were mended. */
  readonly mended: number;
}

/** Files whose documents are yet to be added are younger, as the sweep has it. */
const oldMs = 24 * 60 * 60_000;
const keysAtATime = 1_000;
const rowsAtATime = 1_000;
const examplesShown = 5;
/** Of a statement that compares a million files with the rows they belong to. */
const statementWithinMs = 30 * 60_000;

/** A file store that can be listed and put in order. */
export interface VerifiedFiles extends StoredKeys {
  assertOurs(): Promise<void>;
  delete(key: string): Promise<void>;
}

/**
 * Compares the tables, the queue and the file store with one another. The keys of all files go into a temporary table,
 * so that it is the database that compares, and memory here does not grow with what there is.
 *
 * @param fix mend what is safe to be mended
 * @throws QuireError `database_unavailable`, `storage_unavailable`
 */
export async function verifyStore(
  databaseUrl: string,
  files: VerifiedFiles,
  { fix }: { readonly fix: boolean },
): Promise<Finding[]> {
  await files.assertOurs();
  const client = await connectClient(databaseUrl, "quire verify");
  try {
    await client.query(`set statement_timeout = ${statementWithinMs}`);
    await client.query("create temporary table begun as select now() as at");
    await listFiles(client, files);
    const findings: Finding[] = [];
    for (const check of checks) findings.push(await run(client, check, fix ? files : null));
    return findings;
  } finally {
    await client.end();
  }
}

async function listFiles(client: pg.Client, files: StoredKeys): Promise<void> {
  await client.query("create temporary table stored_keys (key text primary key, is_old boolean not null)");
  const store = async (keys: readonly string[], isOld: boolean) => {
    const insert =
      "insert into stored_keys select key, $2 from unnest($1::text[]) key on conflict do nothing";
    await client.query(insert, [keys, isOld]);
  };
  for (const [listed, isOld] of [
    [files.keysOlderThan(oldMs), true],
    [allKeys(files), false],
  ] as const) {
    let keys: string[] = [];
    for await (const key of listed) {
      keys.push(key);
      if (keys.length < keysAtATime) continue;
      await store(keys, isOld);
      keys = [];
    }
    await store(keys, isOld);
  }
  await client.query("analyze stored_keys");
}

async function run(client: pg.Client, check: Check, files: VerifiedFiles | null): Promise<Finding> {
  const { name, meaning, find, mend } = check;
  await client.query(`declare found cursor with hold for ${find}`);
  let count = 0;
  let mended = 0;
  const examples: string[] = [];
  for (;;) {
    const { rows } = await client.query<{ id: string }>(`fetch ${rowsAtATime} from found`);
    const ids = rows.map(({ id }) => id);
    count += ids.length;
    examples.push(...ids.slice(0, examplesShown - examples.length));
    if (files && name === orphanFilesCheck) {
      for (const key of ids) await files.delete(key);
      mended += ids.length;
    } else if (files && mend !== null && ids.length > 0) {
      const { rowCount } = await client.query(mend, [ids]);
      mended += Math.min(rowCount ?? 0, ids.length);
    }
    if (ids.length < rowsAtATime) break;
  }
  await client.query("close found");
  return { name, meaning, count, examples, mended };
}
