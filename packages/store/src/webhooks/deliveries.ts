import type { JobWithMetadata, PgBoss } from "pg-boss";
import type { Session } from "../database.ts";
import type { DeliveryError, DisabledReason } from "./webhook.ts";

const queue = "webhook";
/** What `quire.put_delivery` tells on the channel of the queues, where documents tell their lanes. */
export const webhookNotice = "webhook";

/** What a job of the queue holds: ids and figures. */
interface DeliveryJob {
  readonly webhookId: string;
  readonly type: string;
  /** ISO 8601: when it happened. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>> & { readonly documentId?: string };
}

/** A message that is to be delivered now. Its id and body are the same at every attempt. */
export interface Delivery {
  readonly messageId: string;
  readonly webhookId: string;
  readonly url: string;
  readonly secret: string;
  readonly body: string;
}

/** Why an attempt came to nothing. */
export interface DeliveryFailure {
  readonly error: DeliveryError;
  /** Of the answer, where there was one. */
  readonly status: number | null;
}

/**
 * What became of a job: `failed` is tried again, `given_up` was the last time, `disabled` its webhook; `dropped`: there is
 * nobody to tell, or nothing to tell of.
 */
export const deliveryOutcomes = ["delivered", "failed", "given_up", "disabled", "dropped"] as const;
export type DeliveryOutcome = (typeof deliveryOutcomes)[number];

/** What waits: to be sent now, or at a later time. */
export interface DeliveriesWaiting {
  readonly due: number;
  readonly later: number;
}

export interface DeliveryTaker {
  /** @returns null when it arrived; rejects when it was interrupted, which says nothing about the receiver */
  attempt(delivery: Delivery): Promise<DeliveryFailure | null>;
  settled(outcome: DeliveryOutcome, delivery: Pick<Delivery, "messageId" | "webhookId">): void;
}

/** Takes deliveries of webhooks from their queue, and settles them. */
export class Deliveries {
  readonly #session: Session;
  readonly #boss: PgBoss;

  constructor(session: Session, boss: PgBoss) {
    this.#session = session;
    this.#boss = boss;
  }

  /**
   * Takes deliveries one after the other, from now on; beside others that do so in this process. To one target goes one
   * at a time, whoever of them takes it.
   *
   * @param options.failingToo also of webhooks whose last delivery failed
   * @returns what has it look at once, instead of when the time has come
   */
  async take(
    taker: DeliveryTaker,
    { failingToo, pollSeconds }: { readonly failingToo: boolean; readonly pollSeconds: number },
  ): Promise<() => void> {
    const options = {
      includeMetadata: true,
      pollingIntervalSeconds: pollSeconds,
      localGroupConcurrency: 1,
      ...(!failingToo && { minPriority: 0 }),
    } as const;
    const taken = await this.#boss.work<DeliveryJob, void, typeof options>(queue, options, async ([job]) => {
      try {
        if (job) await this.#deliver(job, taker);
      } finally {
        // While there are any the next one follows at once; pg-boss would wait for its interval.
        this.#boss.notifyWorker(taken);
      }
    });
    return () => this.#boss.notifyWorker(taken);
  }

  /** Takes no more; resolves when none is under way. */
  async stop(): Promise<void> {
    await this.#boss.offWork(queue);
  }

  async waiting(): Promise<DeliveriesWaiting> {
    const [row] = await this.#session.query<DeliveriesWaiting>(
      `select count(*) filter (where j.start_after <= now())::int as due,
         count(*) filter (where j.start_after > now())::int as later
       from pgboss.job_common j where j.name = $1 and j.state < 'active'`,
      [queue],
    );
    return row ?? { due: 0, later: 0 };
  }

  /** @throws NotDelivered so that pg-boss has it tried again */
  async #deliver(job: JobWithMetadata<DeliveryJob>, taker: DeliveryTaker): Promise<void> {
    const { webhookId, type, timestamp, data } = job.data;
    const ids = { messageId: job.id, webhookId };
    const [target] = await this.#session.query<{ url: string; secret: string }>(
      "select * from quire.begin_delivery($1, $2, $3)",
      [webhookId, data.documentId ?? null, type === "webhook.test"],
    );
    if (!target) return taker.settled("dropped", ids);
    const failure = await taker.attempt({
      ...ids,
      ...target,
      body: JSON.stringify({ type, timestamp, data }),
    });
    if (!failure) {
      await this.#session.query("select quire.delivery_succeeded($1)", [webhookId]);
      return taker.settled("delivered", ids);
    }
    const [row] = await this.#session.query<{ disabled: DisabledReason | null }>(
      "select quire.delivery_failed($1, $2, $3) as disabled",
      [webhookId, failure.error, failure.status],
    );
    if (row?.disabled) return taker.settled("disabled", ids);
    taker.settled(job.retryCount < job.retryLimit ? "failed" : "given_up", ids);
    throw new NotDelivered(failure.error);
  }
}

/** pg-boss keeps it with the job: a code alone, no address. */
class NotDelivered extends Error {
  override readonly name = "NotDelivered";
}
