import type { Database } from "@quire/store";
import { foundIn, type Secrets } from "./plantedWords.ts";

/** Everything that may be kept in a database, by whoever keeps it there; read in full, for a test's tables are small. */
const tables = `
  select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    and not c.relispartition
  order by 1`;

/** Where in the database something was found, and what. */
export interface Finding {
  /** `schema.table.column` */
  readonly column: string;
  readonly meaning: string;
}

/** Looks into every column of every row of every table. @returns each finding once, and which tables were looked into */
export async function searchDatabase(database: Database, secrets: Secrets) {
  const findings = new Map<string, Finding>();
  const searched: string[] = [];
  for (const { name } of await database.query<{ name: string }>(tables)) {
    searched.push(name);
    const rows = await database.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${name} t`,
    );
    for (const { row } of rows) {
      for (const [column, value] of Object.entries(row)) {
        for (const meaning of foundIn(readable(value), secrets)) {
          const finding = { column: `${name}.${column}`, meaning };
          findings.set(JSON.stringify(finding), finding);
        }
      }
    }
  }
  return { findings: [...findings.values()], searched };
}

/** Bytes come as hexadecimal digits. */
function readable(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.startsWith("\\x") ? Buffer.from(text.slice(2), "hex").toString("latin1") : text;
}
