import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { loadConfig, localOwnerId, type PageResult } from "@quire/core";
import { createLog, type Logger } from "@quire/core/log";
import { type Claim, Database, DiskFileStore, Documents, originalKey, Queue } from "@quire/store";
import type { TestCluster } from "@quire/store/testing";
import type { DocumentAnswer } from "../api/shapes.ts";
import { WebServer, type WebServerOptions } from "../webServer.ts";

/** Whose documents are not the local owner's. */
export const anotherOwnerId = "00000000-0000-4000-8000-0000000000ff";

/** A file that passes for a PDF: each is another content, unless told otherwise. */
export function pdf(sizeBytes = 2_000, mark = randomUUID()): Buffer {
  const head = `%PDF-1.7\n% ${mark}\n`;
  return Buffer.concat([Buffer.from(head), Buffer.alloc(Math.max(sizeBytes - head.length, 0), 0x20)]);
}

export interface ServedOptions
  extends Partial<Pick<WebServerOptions, "clientLimits" | "keyLimits" | "pagesFolder">> {
  readonly env?: Record<string, string>;
}

/** A real server on a database and folders of its own, closed when the test ends. */
export class Served {
  readonly folder: string;
  readonly uploadDir: string;
  readonly databaseUrl: string;
  readonly database: Database;
  readonly documents: Documents;
  readonly files: DiskFileStore;
  readonly #options: ServedOptions;
  readonly #log: Logger;
  /** The access token that every request carries which brings no other. */
  token: string | null = null;
  #server: WebServer | null = null;
  #queue: Queue | null = null;

  private constructor(databaseUrl: string, options: ServedOptions, log: Logger) {
    this.folder = mkdtempSync(join(tmpdir(), "quire-web-"));
    this.uploadDir = join(this.folder, "uploads");
    this.databaseUrl = databaseUrl;
    this.database = new Database(databaseUrl, { poolSize: 3 });
    this.documents = new Documents(this.database);
    this.files = new DiskFileStore(join(this.folder, "files"));
    this.#options = options;
    this.#log = log;
  }

  static async start(t: TestContext, cluster: TestCluster, options: ServedOptions = {}): Promise<Served> {
    const log = await createLog(loadConfig({ LOG_LEVEL: "error", LOG_FORMAT: "json" }));
    const served = new Served(await cluster.createDatabase(), options, log);
    t.after(() => served.#close());
    await served.startServer();
    return served;
  }

  async startServer(): Promise<void> {
    const { env, ...others } = this.#options;
    this.#server = await WebServer.start({
      config: loadConfig({ PORT: "0", QUIRE_HOME: this.folder, ...env }),
      databaseUrl: this.databaseUrl,
      openFiles: async () => ({ store: this.files }),
      log: this.#log,
      ...others,
    });
  }

  async stopServer(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token !== null && !headers.has("Authorization"))
      headers.set("Authorization", `Bearer ${this.token}`);
    return fetch(this.origin + path, { ...init, headers });
  }

  /** Sends a document as a script would. @returns its id */
  async send(content: Buffer = pdf(), query = ""): Promise<string> {
    const response = await this.ask(`/api/documents${query}`, {
      method: "POST",
      body: new Uint8Array(content),
    });
    const { document } = (await response.json()) as { document: DocumentAnswer };
    return document.id;
  }

  async getDocument(id: string): Promise<DocumentAnswer> {
    return (await (await this.ask(`/api/documents/${id}`)).json()) as DocumentAnswer;
  }

  /** Adds a document past the server. @returns its id */
  async add(ownerId = localOwnerId, content = pdf(), filename = "letter.pdf"): Promise<string> {
    const id = randomUUID();
    const storageKey = originalKey(ownerId, id);
    const stored = await this.files.put(storageKey, Readable.from([content]));
    await this.documents.add({ id, ownerId, filename, storageKey, ...stored, options: {} });
    return id;
  }

  /** Claims the document that is next, as a worker does. */
  async claim(): Promise<Claim> {
    this.#queue ??= await Queue.open(this.database, { workerId: "worker-of-a-test" });
    const claim = await this.#queue.claim("small");
    if (!claim) throw new Error("nothing waits");
    return claim;
  }

  /** Reads the document that is next, page by page: those that are given, of as many as there are. */
  async read(pages: readonly PageResult[], pageCount = pages.length): Promise<Claim> {
    const claim = await this.claim();
    await claim.describe({ pageCount, contentType: "application/pdf", sha256: claim.sha256 ?? "" });
    for (const page of pages) await claim.savePage(page);
    return claim;
  }

  async #close(): Promise<void> {
    await this.stopServer();
    await this.#queue?.close();
    await this.database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
