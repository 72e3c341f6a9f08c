import type { Lane } from "@quire/core";
import { PgBoss } from "pg-boss";
import type { Database, Session } from "../database.ts";
import { listen } from "../listen.ts";
import { Claim, type ClaimRow } from "./claim.ts";
import { type LaneDepth, queueDepth } from "./queueDepth.ts";

export interface QueueOptions {
  /** Who claims: stands with the document while it is read. */
  readonly workerId: string;
  /** Something in the background went wrong (a lost connection, mostly) and will be tried again. */
  readonly onError?: (error: Error) => void;
}

/** What pg-boss's settling calls answer; its own type leaves it empty. (It also declares fetched jobs in full where it reads their id and retry count: hence `as never`.) */
interface Settled {
  readonly settled?: readonly string[];
}

/** The queue of a lane. */
export function queueOf(lane: Lane): string {
  return `ocr-${lane}`;
}

/**
 * The queues of documents, on pg-boss: what is claimed, held and freed. Settling a job and moving its document are
 * one transaction, always.
 */
export class Queue {
  readonly database: Database;
  readonly workerId: string;
  /** pg-boss, for the queues that are used as its users normally do. */
  readonly boss: PgBoss;

  private constructor(database: Database, boss: PgBoss, workerId: string) {
    this.database = database;
    this.boss = boss;
    this.workerId = workerId;
  }

  static async open(database: Database, { workerId, onError = () => {} }: QueueOptions): Promise<Queue> {
    const boss = await database.retrying(() => startBoss(database, onError));
    return new Queue(database, boss, workerId);
  }

  /** Claims the lane's next document; null if none waits. */
  async claim(lane: Lane): Promise<Claim | null> {
    for (;;) {
      const outcome = await this.database.transaction(async (session) => {
        const [job] = await this.boss.fetch<{ documentId: string }>(queueOf(lane), { db: session });
        if (!job) return null;
        const { documentId } = job.data;
        const [row] = await session.query<ClaimRow>("select * from quire.claim_document($1, $2, $3)", [
          documentId,
          job.id,
          this.workerId,
        ]);
        if (row) return new Claim(this, documentId, row, job);
        await this.boss.complete(queueOf(lane), job, null, { db: session });
        return "dropped" as const;
      });
      if (outcome !== "dropped") return outcome;
    }
  }

  /**
   * Renews the hold on these documents.
   *
   * @returns the claims that are lost: their documents were cancelled, or taken over
   */
  async hold(claims: readonly Claim[]): Promise<Claim[]> {
    const lost: Claim[] = [];
    for (const [lane, ofLane] of Map.groupBy(claims, ({ lane }) => lane)) {
      const jobs = ofLane.map(({ job }) => job);
      const { settled = [] }: Settled = await this.database.retrying(() =>
        this.boss.touch(queueOf(lane), jobs as never),
      );
      lost.push(...ofLane.filter(({ job }) => !settled.includes(job.id)));
    }
    return lost;
  }

  /** Settles the job of a claim, in the transaction of its document's transition. A newer claim's is untouched. */
  async complete({ lane, job }: Claim, session: Session): Promise<void> {
    await this.boss.complete(queueOf(lane), job, null, { db: session });
  }

  /** Frees the job of a claim at once, in the transaction of its document's transition. */
  async free(lane: Lane, job: Claim["job"] | string, session: Session): Promise<void> {
    const id = typeof job === "string" ? job : job.id;
    const { settled }: Settled = await this.boss.cancel(queueOf(lane), job as never, { db: session });
    if (settled?.includes(id)) await this.boss.resume(queueOf(lane), id, { db: session });
  }

  /** Takes back the death that a claim was charged with when its document was taken over from a worker that lived. */
  async acquit({ documentId, number }: Claim): Promise<void> {
    await this.database.query("select quire.acquit_claim($1, $2)", [documentId, number]);
  }

  /**
   * Frees what a worker held that is known to be dead, at once and uncharged.
   *
   * @param killed whether it is known that somebody else killed it: then its pages are hardly suspect
   * @returns how many documents
   */
  async releaseDeadWorker(workerId: string, { killed }: { killed: boolean }): Promise<number> {
    const held = await this.database.query<{ id: string; claim: number; lane: Lane; job_id: string }>(
      "select * from quire.documents_held_by($1)",
      [workerId],
    );
    let freed = 0;
    for (const { id, claim, lane, job_id } of held) {
      const mine = await this.database.transaction(async (session) => {
        const [row] = await session.query<{ mine: boolean }>(
          "select quire.orphan_document($1, $2, $3) as mine",
          [id, claim, killed],
        );
        if (row?.mine) await this.free(lane, job_id, session);
        return row?.mine === true;
      });
      if (mine) freed++;
    }
    return freed;
  }

  /** What waits in each lane. */
  depth(): Promise<Record<Lane, LaneDepth>> {
    return queueDepth(this.database);
  }

  /** Puts back documents whose job somebody removed. @returns how many */
  async requeueLost(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      "select quire.requeue_lost_documents() as count",
    );
    return row?.count ?? 0;
  }

  /**
   * Calls `wake` with the lane whenever a document starts waiting in one, with `webhookNotice` when a delivery does, and
   * without a word after every reconnection, when one may have been missed.
   *
   * @returns what stops the listening
   */
  listen(wake: (what?: string) => void): { close(): Promise<void> } {
    const onConnection = () => wake();
    return listen(this.database.url, "quire_queue", { onNotification: wake, onConnection });
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false, close: false });
  }
}

/** A fresh instance each time: one whose start failed half way keeps timers, and starts no better again. */
async function startBoss(database: Database, onError: (error: Error) => void): Promise<PgBoss> {
  const boss = new PgBoss({
    db: database,
    // The schema is ours to migrate.
    migrate: false,
    createSchema: false,
    // A dead worker is seen after its heartbeat (30 s) and these two: both are 60 s by default.
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    // A queue may well have 100,000 waiting: that is a bound of ours, not a warning.
    warningQueueSize: 1_000_000,
  });
  boss.on("error", onError);
  try {
    await boss.start();
    return boss;
  } catch (error) {
    await boss.stop({ graceful: false, close: false });
    throw error;
  }
}
