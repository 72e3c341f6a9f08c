import { type Lane, readerVersion } from "@quire/core";
import { type LaneDepth, queueDepth } from "../claims/queueDepth.ts";
import type { Database } from "../database.ts";
import { assertDocumentId } from "../documents/documentId.ts";
import type { DocumentSummary } from "../documents/documentSummary.ts";
import { Documents } from "../documents/documents.ts";
import { listWorkers, type WorkerStanding } from "./listWorkers.ts";
import { type MemoryHistory, type MemoryWindow, memoryHistory } from "./memoryHistory.ts";

/** Something a worker told of itself: docs/operations.md says what each means. */
export interface WorkerEventEntry {
  readonly at: string;
  readonly workerId: string;
  readonly event: string;
  readonly reason: string | null;
  readonly figures: Record<string, unknown>;
}

const eventsAtMost = 200;

/** What whoever runs Quire looks at: of all workers and all owners. */
export class Operations {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Workers of the last two days, the one heard of last first: at most 100. */
  workers(): Promise<WorkerStanding[]> {
    return listWorkers(this.#database);
  }

  /** What workers told, the newest first: at most 200, whatever `limit` says. */
  async events(limit: number): Promise<WorkerEventEntry[]> {
    return this.#database.query<WorkerEventEntry>(
      `select to_json(e.at)#>>'{}' as at, e.worker_id as "workerId", e.event, e.reason, e.figures
       from public.worker_events e order by e.at desc, e.id desc limit $1`,
      [Math.min(limit, eventsAtMost)],
    );
  }

  /** Memory of workers over time: {@link memoryHistory}. */
  memory(window: MemoryWindow): Promise<MemoryHistory> {
    return memoryHistory(this.#database, window);
  }

  /** Documents that gave up though they may yet be read, the oldest first. */
  deadLetters(limit: number): Promise<DocumentSummary[]> {
    return new Documents(this.#database).deadLetters(limit);
  }

  /** Reads what is missing of a document that gave up, whoever's it is. @throws as {@link Documents.redrive} */
  async redrive(id: string): Promise<void> {
    // In one statement, so that it is the operator's to the audit log, too.
    await this.#database.query(
      "select set_config('quire.actor', 'operator', true), quire.redrive_document($1)",
      [assertDocumentId(id)],
    );
  }

  /** {@link Documents.countReadBefore} of this version. */
  countReadByOlderReader(): Promise<number> {
    return new Documents(this.#database).countReadBefore(readerVersion);
  }

  /** Queues documents that an older reader read, whoever's they are: {@link Documents.reprocessReadBefore}. */
  async reprocessReadByOlderReader(limit: number): Promise<{ queued: number; remaining: number }> {
    // In one statement with the queueing, so that it is the operator's to the audit log, too.
    const [row] = await this.#database.query<{ queued: number }>(
      "select set_config('quire.actor', 'operator', true), quire.reprocess_read_before($1, null, $2) as queued",
      [readerVersion, limit],
    );
    return { queued: row?.queued ?? 0, remaining: await this.countReadByOlderReader() };
  }

  /** What waits in each lane. */
  queueDepth(): Promise<Record<Lane, LaneDepth>> {
    return queueDepth(this.#database);
  }
}
