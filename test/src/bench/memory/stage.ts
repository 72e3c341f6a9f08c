import { createReadStream, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { Database, DiskFileStore, Documents, type PreviewOf, previewKey } from "@quire/store";
import { freePort } from "@quire/store/testing";
import { workerEnvironment, workerFlags } from "@quire/worker";
import { fromTop } from "../../quire.ts";
import { put } from "../../worker/addedDocuments.ts";
import type { Fake } from "../../worker/installation.ts";
import { quireCommand } from "../places.ts";
import { ConfinedWorker } from "./confinedWorker.ts";
import { type Confinement, confine, release } from "./confinement.ts";
import type { HealthFigures } from "./healthAnswers.ts";
import { HealthProber } from "./healthProber.ts";
import { MemorySampler, type MemorySeries } from "./memorySampler.ts";
import { type Records, readRecords } from "./records.ts";
import type { Limits } from "./setting.ts";

const lookEveryMs = 50;
/** Then it will not come to anything any more. */
const faultsAtMost = 20;

export interface StageOptions {
  /** A fresh database. */
  readonly url: string;
  /** For the worker's log, its copies, the documents and the raw samples. */
  readonly folder: string;
  readonly limits: Limits;
  readonly threads: number;
  /** The command as it is, or a worker whose engine takes fake documents beside real ones. */
  readonly worker: "quire" | "fake";
  readonly env: Readonly<Record<string, string>>;
  /** A stage on which nothing moves any more is left after so many minutes. */
  readonly minutesAtMost: number;
}

/** What was seen from outside between the worker's start and the end of its documents. */
export interface Watched {
  readonly confinement: string;
  readonly wallSeconds: number;
  readonly memory: MemorySeries;
  readonly health: HealthFigures;
  readonly kernelPeakBytes: number | null;
  readonly kernelKills: number | null;
  readonly restarts: readonly Date[];
  readonly unexpectedEnds: number;
  readonly records: Records;
}

/** A worker within its limits, on a database and files outside of them, with documents to read, watched. */
export class Stage {
  readonly database: Database;
  readonly sampler: MemorySampler;
  readonly worker: ConfinedWorker;
  readonly #documents: Documents;
  readonly #files: DiskFileStore;
  readonly #confinement: Confinement;
  readonly #prober: HealthProber;
  readonly #startedMs = performance.now();
  readonly #endMs: number;
  #isWatching = true;
  #fakes = 0;
  #discardedUntil = new Date(0);

  private constructor(
    options: StageOptions,
    opened: { port: number; database: Database; documents: Documents; files: DiskFileStore },
  ) {
    const { url, folder, limits, threads, worker, env, minutesAtMost } = options;
    const { port, database, documents, files } = opened;
    this.database = database;
    this.#documents = documents;
    this.#files = files;
    this.#endMs = this.#startedMs + minutesAtMost * 60_000;
    this.#confinement = confine(limits);
    this.sampler = new MemorySampler(this.#confinement, join(folder, "memory.jsonl"));
    this.#prober = new HealthProber(port);
    const filesFolder = join(folder, "files");
    const tempDir = join(folder, "temp");
    mkdirSync(tempDir);
    this.worker = new ConfinedWorker(
      {
        program: process.execPath,
        args: [
          ...workerFlags,
          ...(worker === "quire"
            ? [quireCommand, "worker"]
            : [fromTop("test/dist/worker/workerProcess.js"), filesFolder]),
        ],
        env: {
          ...workerEnvironment,
          DATABASE_URL: url,
          FILE_STORE_DIR: filesFolder,
          TEMP_DIR: tempDir,
          PORT: String(port),
          OCR_THREADS: String(threads),
          LOG_FORMAT: "json",
          // Asked for where it is what is tried.
          RESTART_AFTER_JOBS: "0",
          RESTART_AFTER_HOURS: "0",
          ...this.#confinement.env,
          ...env,
        },
        logPath: join(folder, "worker.log"),
      },
      this.#confinement,
      () => this.#prober.noteEnd(),
    );
  }

  static async open(options: StageOptions): Promise<Stage> {
    mkdirSync(options.folder, { recursive: true });
    const database = new Database(options.url, { poolSize: 3 });
    const documents = new Documents(database);
    const files = new DiskFileStore(join(options.folder, "files"), await documents.installationId());
    await files.create();
    return new Stage(options, { port: await freePort(), database, documents, files });
  }

  add(path: string): Promise<string> {
    return put(createReadStream(path), basename(path), this.#files, this.#documents);
  }

  /** Each fake document is another content. */
  addFake(fake: Fake): Promise<string> {
    const content = JSON.stringify({ number: this.#fakes++, ...fake });
    return put(Readable.from([Buffer.from(content)]), "fake.json", this.#files, this.#documents);
  }

  /**
   * Waits until at most so many documents are left to be read.
   *
   * @throws Error when the stage's time is up, or the worker cannot run
   */
  async untilLeft(count: number): Promise<void> {
    for (;;) {
      const [row] = await this.database.query<{ left: number }>(
        "select count(*)::int as left from public.documents where status in ('queued', 'processing')",
      );
      if ((row?.left ?? 0) <= count) return;
      if (performance.now() > this.#endMs)
        throw new Error(`${row?.left} documents were left when the time was up`);
      if (this.worker.unexpectedEnds > faultsAtMost)
        throw new Error(`the worker ended by faults again and again: see ${this.worker.logPath}`);
      await delay(lookEveryMs);
    }
  }

  untilRead(): Promise<void> {
    return this.untilLeft(0);
  }

  /** Removes the content of what has been read, the counts apart, so that a soak of days fills no disk. */
  async discardRead(): Promise<void> {
    const read = await this.database.query<{ storage_key: string; finished_at: Date }>(
      "select storage_key, finished_at from public.documents where finished_at > $1 order by finished_at",
      [this.#discardedUntil],
    );
    for (const { storage_key } of read) await this.#files.delete(storage_key);
    const previews = await this.database.query<PreviewOf>(
      `select p.owner_id as "ownerId", p.document_id as "documentId", p.run, p.claim, p.page_number as "pageNumber"
       from public.pages p join public.documents d on d.id = p.document_id
       where d.finished_at > $1 and p.preview_bytes is not null`,
      [this.#discardedUntil],
    );
    for (const preview of previews) await this.#files.delete(previewKey(preview));
    this.#discardedUntil = read.at(-1)?.finished_at ?? this.#discardedUntil;
    await this.database.query(
      `delete from public.page_contents c using public.documents d
       where d.id = c.document_id and d.finished_at <= $1`,
      [this.#discardedUntil],
    );
  }

  /** Ends the watch, then the worker. */
  async finish(): Promise<Watched> {
    const watched = {
      confinement: this.#confinement.kind,
      wallSeconds: (performance.now() - this.#startedMs) / 1000,
      ...this.#stopWatching(),
      kernelPeakBytes: this.#confinement.kernelPeakBytes(),
      restarts: [...this.worker.restarts],
    };
    await this.worker.stop();
    return {
      ...watched,
      kernelKills: this.#confinement.kernelKills(),
      unexpectedEnds: this.worker.unexpectedEnds,
      records: await readRecords(this.database),
    };
  }

  #stopWatching(): Pick<Watched, "memory" | "health"> {
    this.#isWatching = false;
    return { memory: this.sampler.stop(), health: this.#prober.stop() };
  }

  /** Whatever became of it: nothing of it runs on. */
  async close(): Promise<void> {
    if (this.#isWatching) this.#stopWatching();
    release(this.#confinement);
    await this.worker.stop();
    await this.database.close();
  }
}
