import type { Database } from "./database.ts";

/** Kept for two weeks: long enough to look into last week's trouble. */
const eventDays = 14;
/** One a minute and worker: a day's curve. */
const sampleHours = 48;
/** Rows deleted at a time, so that no statement runs long. */
const pruneBatch = 5_000;

/** What workers tell of themselves, for whoever has to find out why. */
export class WorkerRecords {
  readonly #database: Database;
  readonly #workerId: string;

  constructor(database: Database, workerId: string) {
    this.#database = database;
    this.#workerId = workerId;
  }

  async record(event: string, reason: string | null, figures: Record<string, unknown> = {}): Promise<void> {
    await this.#database.query(
      "insert into public.worker_events (worker_id, event, reason, figures) values ($1, $2, $3, $4)",
      [this.#workerId, event, reason, figures],
    );
  }

  /** Stores how the memory stands, once a minute. */
  async sample(usedBytes: number, budgetBytes: number, figures: Record<string, unknown>): Promise<void> {
    await this.#database.query(
      `insert into public.worker_memory_samples (worker_id, used_bytes, budget_bytes, figures)
       values ($1, $2, $3, $4) on conflict do nothing`,
      [this.#workerId, Math.round(usedBytes), Math.round(budgetBytes), figures],
    );
  }

  /** Removes what is too old. @returns how many rows */
  async prune(): Promise<number> {
    const samples = await this.#pruneTable("worker_memory_samples", `${sampleHours} hours`);
    const events = await this.#pruneTable("worker_events", `${eventDays} days`);
    return samples + events;
  }

  async #pruneTable(table: string, age: string): Promise<number> {
    for (let total = 0; ; ) {
      const [row] = await this.#database.query<{ count: number }>(
        `with gone as (
           delete from public.${table} where ctid = any (array(
             select ctid from public.${table} where at < now() - $1::interval order by at limit ${pruneBatch}
           )) returning 1
         ) select count(*)::int from gone`,
        [age],
      );
      total += row?.count ?? 0;
      if ((row?.count ?? 0) < pruneBatch) return total;
    }
  }
}
