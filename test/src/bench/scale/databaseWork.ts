import type { Database } from "@quire/store";
import { treeCpuSeconds } from "../treeSampler.ts";

/** What a database has done since some moment. */
export interface DatabaseWork {
  readonly pages: number;
  readonly seconds: number;
  /** Of all processes of the server. */
  readonly cpuSeconds: number;
  readonly statements: number;
}

export interface CostlyStatement {
  /** Its first words. */
  readonly statement: string;
  /** Of the server, all calls together. */
  readonly ms: number;
  readonly calls: number;
}

/** Settings that a cluster needs for {@link DatabaseMeter}: the extension, and connections for eight workers. */
export const meteredSettings = {
  shared_preload_libraries: "pg_stat_statements",
  max_connections: "120",
};

/** Counts what a Postgres does between two moments, by its own clock and statistics. */
export class DatabaseMeter {
  readonly #database: Database;
  readonly #serverPid: number;
  #start = { at: "", cpuSeconds: 0 };

  private constructor(database: Database, serverPid: number) {
    this.#database = database;
    this.#serverPid = serverPid;
  }

  static async open(database: Database): Promise<DatabaseMeter> {
    await database.query("create extension if not exists pg_stat_statements");
    const [row] = await database.query<{ pid: number }>(
      "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid",
    );
    return new DatabaseMeter(database, row?.pid as number);
  }

  async start(): Promise<void> {
    await this.#database.query("select pg_stat_statements_reset()");
    const [row] = await this.#database.query<{ at: string }>("select clock_timestamp()::text as at");
    this.#start = { at: row?.at as string, cpuSeconds: this.#cpuSeconds };
  }

  async read(): Promise<DatabaseWork> {
    const [row] = await this.#database.query<Omit<DatabaseWork, "cpuSeconds">>(
      `select count(*)::int as pages, extract(epoch from clock_timestamp() - $1::timestamptz)::float8 as seconds,
         (select sum(calls)::int from pg_stat_statements where toplevel) as statements
       from public.pages where created_at >= $1::timestamptz`,
      [this.#start.at],
    );
    if (!row) throw new Error("no answer");
    return { ...row, cpuSeconds: this.#cpuSeconds - this.#start.cpuSeconds };
  }

  /** The statements that took the server longest, with their milliseconds and calls. */
  async costliest(count: number): Promise<CostlyStatement[]> {
    return this.#database.query(
      `select left(regexp_replace(query, '\\s+', ' ', 'g'), 100) as statement,
         total_exec_time::float8 as ms, calls::int
       from pg_stat_statements where toplevel order by total_exec_time desc limit $1`,
      [count],
    );
  }

  get #cpuSeconds(): number {
    return treeCpuSeconds(this.#serverPid) ?? Number.NaN;
  }
}
