import { createHash, randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import { type PageReader, type PageResult, readerVersion } from "@quire/core";
import type { Claim } from "../claims/claim.ts";
import { Queue } from "../claims/queue.ts";
import { Database } from "../database.ts";
import { Documents, type NewDocument } from "../documents/documents.ts";
import type { TestCluster } from "./testDatabase.ts";

/** An owner for each letter. */
export function owner(letter: string): string {
  return `00000000-0000-4000-8000-${Buffer.from(letter).toString("hex").padStart(12, "0")}`;
}

export function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** What an engine of today reads with. */
export const reader: PageReader = {
  engine: "pp-ocr",
  version: readerVersion,
  quality: "balanced",
  models: ["a-model"],
};

/** A page as an engine hands it back. */
export function page(pageNumber: number, facts: Partial<PageResult> = {}): PageResult {
  const box = { x: 10, y: 20, width: 30, height: 12 };
  return {
    pageNumber,
    outcome: "recognized",
    text: `Page ${pageNumber}`,
    words: [{ text: "Page", confidence: 95, uncertain: false, box, line: 0, block: 0 }],
    meanConfidence: 95,
    width: 1654,
    height: 2339,
    dpi: 200,
    rotation: 0,
    orientation: 0,
    skew: 0,
    languages: ["eng"],
    reader,
    durationMs: 12,
    warnings: [],
    error: null,
    ...facts,
  };
}

/** A fresh database and what stands on it, closed when the test ends. */
export class Store {
  readonly url: string;
  readonly database: Database;
  readonly documents: Documents;
  readonly #t: TestContext;

  private constructor(t: TestContext, url: string) {
    this.#t = t;
    this.url = url;
    this.database = this.connect(20);
    this.documents = new Documents(this.database);
  }

  static async open(t: TestContext, cluster: TestCluster): Promise<Store> {
    return new Store(t, await cluster.createDatabase());
  }

  /** Another pool on the same database. With `retrySeconds: 0` it does not hide a deadlock. */
  connect(poolSize: number, options: { retrySeconds?: number } = {}): Database {
    const database = new Database(this.url, { poolSize, ...options });
    this.#t.after(() => database.close());
    return database;
  }

  async queue(workerId = "worker-1", database = this.database): Promise<Queue> {
    const queue = await Queue.open(database, { workerId });
    this.#t.after(() => queue.close());
    return queue;
  }

  /** Adds a document that nobody else has, unless told otherwise. */
  async add(facts: Partial<NewDocument> = {}): Promise<string> {
    const id = facts.id ?? randomUUID();
    const ownerId = facts.ownerId ?? owner("a");
    const defaults = { filename: "letter.pdf", storageKey: `${ownerId}/${id}`, sizeBytes: 1000, options: {} };
    const added = await this.documents.add({ ...defaults, sha256: sha256(id), ...facts, id, ownerId });
    return added.id;
  }

  /** What readers see of it. */
  async pages(id: string): Promise<PageResult[]> {
    const pages: PageResult[] = [];
    for await (const each of this.documents.pages(id)) pages.push(each);
    return pages;
  }

  rows<Row extends object = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> {
    return this.database.query<Row>(text, values);
  }

  /** The first column of the first row. */
  async value<Value>(text: string, ...values: unknown[]): Promise<Value> {
    const [row] = await this.rows(text, ...values);
    return Object.values(row ?? {})[0] as Value;
  }

  /** Every row that has to do with documents, to be compared with what it was before. */
  async everything(): Promise<Record<string, unknown>> {
    const tables = ["public.documents", "public.pages", "public.page_contents", "public.pages_in_flight"];
    const all: Record<string, unknown> = {};
    for (const table of [...tables, "public.document_failures", "pgboss.job"])
      all[table] = await this.value(`select jsonb_agg(t order by t::text) from ${table} t`);
    return all;
  }

  /** Resolves when somebody waits for a lock, or `work` is done. */
  async blockedOrDone(work: Promise<unknown>): Promise<void> {
    let done = false;
    const settled = () => {
      done = true;
    };
    work.then(settled, settled);
    const waiting =
      "select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    while (!done && (await this.value<number>(waiting)) === 0);
  }

  /** The heartbeats of all jobs held now have lapsed, and the supervisor has seen it. */
  async lapse(queue: Queue): Promise<void> {
    await this.rows(
      "update pgboss.job set heartbeat_on = now() - interval '1 minute' where state = 'active'",
    );
    await this.rows("update pgboss.queue set monitor_on = null, monitor_claim_on = null");
    await queue.boss.supervise();
  }
}

/** Claims from the lane of small documents, where there is one. */
export async function claimed(queue: Queue): Promise<Claim> {
  const claim = await queue.claim("small");
  if (!claim) throw new Error("nothing waits in the lane of small documents");
  return claim;
}

/** Claims the next small document and reads it: these are its pages. */
export async function finishOne(queue: Queue, pages: readonly PageResult[]): Promise<void> {
  const claim = await claimed(queue);
  await claim.describe({ pageCount: pages.length, contentType: "application/pdf", sha256: sha256("") });
  for (const each of pages) if (!claim.pagesRead.has(each.pageNumber)) await claim.savePage(each);
  await claim.finish(0.5);
}

/** Says how many pages the document has, and saves the first of them. */
export async function read(claim: Claim, pageCount: number, first = pageCount): Promise<void> {
  await claim.describe({ pageCount, contentType: "application/pdf", sha256: sha256(claim.documentId) });
  for (let number = 1; number <= first; number++)
    if (!claim.pagesRead.has(number)) await claim.savePage(page(number));
}
