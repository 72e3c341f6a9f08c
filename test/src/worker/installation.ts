import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { DocumentOptions } from "@quire/core";
import { Database, DiskFileStore, type DocumentSummary, Documents } from "@quire/store";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { put } from "./addedDocuments.ts";
import { WorkerHost } from "./workerHost.ts";

/** What a fake document's pages do: see FakeDocument in packages/engine. */
export type Fake = { readonly pages: number } & Readonly<Record<string, unknown>>;

/** A Postgres, a folder of files and hosts for workers: for the tests of one file. */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), "quire-worker-test-"));
  readonly filesFolder = join(this.folder, "files");
  readonly journal = join(this.folder, "journal");
  readonly files = new DiskFileStore(this.filesFolder);
  readonly cluster: TestCluster;
  readonly url: string;
  readonly database: Database;
  readonly documents: Documents;
  readonly #hosts: WorkerHost[] = [];
  #fakes = 0;

  private constructor(cluster: TestCluster, url: string) {
    this.cluster = cluster;
    this.url = url;
    this.database = new Database(url, { poolSize: 3 });
    this.documents = new Documents(this.database);
  }

  static async open({ durable = false } = {}): Promise<Installation> {
    const cluster = await startMigratedCluster({ durable });
    return new Installation(cluster, await cluster.createDatabase());
  }

  host(name: string, env: Record<string, string> = {}): WorkerHost {
    mkdirSync(this.folder, { recursive: true });
    const host = new WorkerHost(this.folder, name, this.filesFolder, {
      DATABASE_URL: this.url,
      WORKER_CONCURRENCY: "5",
      OCR_THREADS: "2",
      POLL_SECONDS: "1",
      ...env,
    });
    this.#hosts.push(host);
    return host;
  }

  /** Adds a fake document. Each is another content, and keeps a journal of the pages that the engine began. */
  addFake(fake: Fake, filename = "fake.json"): Promise<string> {
    const content = JSON.stringify({ journal: this.journal, number: this.#fakes++, ...fake });
    return put(Readable.from([Buffer.from(content)]), filename, this.files, this.documents);
  }

  add(content: Readable, filename: string, options: Partial<DocumentOptions> = {}): Promise<string> {
    return put(content, filename, this.files, this.documents, options);
  }

  /** Waits until the document is as wanted; the test's own time limit ends a wait for ever. */
  async until(id: string, wanted: (document: DocumentSummary) => boolean): Promise<DocumentSummary> {
    for (;;) {
      const document = await this.documents.get(id);
      if (wanted(document)) return document;
      await delay(20);
    }
  }

  /** The same, without waiting out the backoff of a document that is to be tried again. */
  async untilEnd(id: string): Promise<DocumentSummary> {
    for (;;) {
      const document = await this.documents.get(id);
      if (isAtEnd(document)) return document;
      await this.database.query(
        "update pgboss.job set start_after = now() where name like 'ocr-%' and state = 'created' and start_after > now()",
      );
      await delay(20);
    }
  }

  /** How often the engine began each page of a fake document. */
  begun(id: string): Map<number, number> {
    const counts = new Map<number, number>();
    for (const line of readFileSync(this.journal, "utf8").trim().split("\n")) {
      const [, file = "", page] = line.split(" ");
      if (file.startsWith(id)) counts.set(Number(page), (counts.get(Number(page)) ?? 0) + 1);
    }
    return counts;
  }

  async killWorkers(): Promise<void> {
    for (const host of this.#hosts) await host.kill();
  }

  async close(): Promise<void> {
    await this.killWorkers();
    await this.database.close();
    await this.cluster.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const isAtEnd = ({ status }: DocumentSummary) => !["queued", "processing"].includes(status);
