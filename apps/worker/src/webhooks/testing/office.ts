import { createHash, randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import { loadConfig } from "@quire/core";
import { createLog } from "@quire/core/log";
import {
  type Claim,
  Database,
  type DeliveryOutcome,
  Documents,
  type NewWebhook,
  OwnedDocuments,
  OwnedWebhooks,
  Queue,
  webhookNotice,
} from "@quire/store";
import { page, type TestCluster } from "@quire/store/testing";
import { Deliverer, type DelivererOptions } from "../deliverer.ts";

export const ann = "00000000-0000-4000-8000-00000000000a";

/** A database with documents that are read, webhooks that are told, and who delivers; closed when the test ends. */
export class Office {
  readonly url: string;
  readonly database: Database;
  readonly queue: Queue;
  readonly outcomes: DeliveryOutcome[] = [];
  readonly #closings: (() => Promise<void>)[] = [];
  readonly #changed: (() => void)[] = [];

  private constructor(t: TestContext, url: string, database: Database, queue: Queue) {
    t.after(() => this.#close());
    this.url = url;
    this.database = database;
    this.queue = queue;
  }

  static async open(t: TestContext, cluster: TestCluster): Promise<Office> {
    const url = await cluster.createDatabase();
    const database = new Database(url, { poolSize: 5 });
    const queue = await Queue.open(database, { workerId: "worker-1" });
    return new Office(t, url, database, queue);
  }

  webhooks(ownerId = ann): OwnedWebhooks {
    return new OwnedWebhooks(this.database, ownerId, { allowPrivate: true });
  }

  async webhook(url: string, events?: NewWebhook["events"], ownerId = ann) {
    const { webhook, secret } = await this.webhooks(ownerId).add({ url, ...(events && { events }) });
    return { id: webhook.id, secret };
  }

  /** From now on deliveries are made. */
  async deliver(options: Partial<DelivererOptions> = {}): Promise<Deliverer> {
    const log = await createLog(loadConfig({ LOG_LEVEL: "error", LOG_FORMAT: "json" }));
    const deliverer = await Deliverer.start({
      queue: this.queue,
      log,
      allowPrivate: true,
      pollSeconds: 0.5,
      onOutcome: (outcome) => {
        this.outcomes.push(outcome);
        for (const resolve of this.#changed.splice(0)) resolve();
      },
      ...options,
    });
    const listening = this.queue.listen((what) => {
      if (what === webhookNotice || what === undefined) deliverer.wake();
    });
    this.#closings.push(
      () => deliverer.close(),
      () => listening.close(),
    );
    return deliverer;
  }

  /** Resolves when so many attempts are settled. */
  async settled(count: number): Promise<readonly DeliveryOutcome[]> {
    while (this.outcomes.length < count) await new Promise<void>((resolve) => this.#changed.push(resolve));
    return this.outcomes;
  }

  /** A document that somebody reads. */
  async claimed(ownerId = ann): Promise<Claim> {
    const id = randomUUID();
    const hash = createHash("sha256").update(id).digest("hex");
    const facts = { filename: "Befund Meier.pdf", storageKey: `${ownerId}/${id}`, sizeBytes: 1000 };
    await new Documents(this.database).add({ id, ownerId, sha256: hash, options: {}, ...facts });
    const claim = await this.queue.claim("small");
    if (!claim) throw new Error("nothing waits");
    return claim;
  }

  /** A document of two pages that has been read. @returns its id */
  async read(ownerId = ann): Promise<string> {
    const claim = await this.claimed(ownerId);
    await claim.describe({ pageCount: 2, contentType: "application/pdf", sha256: claim.sha256 ?? "" });
    for (const number of [1, 2]) await claim.savePage(page(number));
    await claim.finish(0.5);
    return claim.documentId;
  }

  async erase(documentId: string, ownerId = ann): Promise<void> {
    await new OwnedDocuments(this.database, ownerId).erase(documentId);
  }

  /** Resolves when the queue has noted what became of every attempt; it is told a moment earlier. */
  async noted(): Promise<void> {
    const active = "select from pgboss.job where name = 'webhook' and state = 'active'";
    while ((await this.database.query(active)).length > 0);
  }

  /** Whatever waits for a later time is due, and whoever delivers knows. */
  async timePasses(): Promise<void> {
    await this.noted();
    await this.database.query(
      "update pgboss.job_common set start_after = now() where name = 'webhook' and state < 'active'",
    );
    await this.database.query("select pg_notify('quire_queue', 'webhook')");
  }

  async #close(): Promise<void> {
    for (const close of [...this.#closings.reverse(), () => this.queue.close(), () => this.database.close()])
      await close();
  }
}
