import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { type Config, within } from "@quire/core";
import { describeError, type Logger } from "@quire/core/log";
import { type FileFormat, makeOutput } from "@quire/outputs";
import {
  AuditLog,
  checkSchema,
  Database,
  type FileStore,
  KeptOutputs,
  type OutputToMake,
  ownerErasedAt,
  quireHome,
} from "@quire/store";
import { webApp } from "./app.ts";
import { EventHub } from "./events/eventHub.ts";
import { type ClientLimits, clientLimits, Listener } from "./http/listener.ts";
import { Intake } from "./intake/intake.ts";
import { Turns } from "./intake/turns.ts";
import { builtPages } from "./pages.ts";
import { apiRoutes } from "./routes/routes.ts";
import { AccessTokens } from "./signIn/accessTokens.ts";
import { Callers } from "./signIn/callers.ts";
import type { KeyLimits } from "./signIn/publishedKeys.ts";
import { signInOf } from "./signIn/signIn.ts";
import { ResumableUploads } from "./uploads/resumableUploads.ts";
import { UploadStore } from "./uploads/uploadStore.ts";
import { Uploads } from "./uploads/uploads.ts";

export interface WebServerOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  /** The files of this database. */
  readonly openFiles: (database: Database) => Promise<{ readonly store: FileStore }>;
  readonly log: Logger;
  /** In tests: clients that have less time. */
  readonly clientLimits?: ClientLimits;
  /** In tests: keys that count for less long. */
  readonly keyLimits?: KeyLimits;
  /** In tests: other pages than those that were built. */
  readonly pagesFolder?: string;
}

/** Each thing that is closed has so long; a second or two is what a person waits after Ctrl-C. */
const closeWithinMs = 1_500;

/** Undoes one opening; called in reverse order. */
type Closing = () => void | Promise<void>;

/** The web page and its API. */
export class WebServer {
  readonly #host: string;
  readonly #closings: Closing[];
  readonly #log: Logger;
  readonly #listener: Listener;
  readonly #events: EventHub;
  #closed: Promise<void> | null = null;

  private constructor(host: string, listener: Listener, events: EventHub, closings: Closing[], log: Logger) {
    this.#host = host;
    this.#listener = listener;
    this.#events = events;
    this.#closings = closings;
    this.#log = log;
  }

  /**
   * Opens what the server stands on, and listens.
   *
   * @throws QuireError `port_in_use`, `invalid_configuration`, `database_unavailable`, `schema_outdated`,
   *   `storage_unavailable`
   */
  static async start(options: WebServerOptions): Promise<WebServer> {
    const closings: Closing[] = [];
    try {
      return await WebServer.#open(options, closings);
    } catch (error) {
      for (const close of closings.reverse()) await close();
      throw error;
    }
  }

  static async #open(options: WebServerOptions, closings: Closing[]): Promise<WebServer> {
    const { config, databaseUrl, log } = options;
    const { limits, tessdataDir, web } = config;
    const database = new Database(databaseUrl, {
      poolSize: web.poolSize,
      retrySeconds,
      applicationName: "quire web",
      via: "api",
    });
    closings.push(() => database.close());
    await checkSchema(database);
    const { store: files } = await options.openFiles(database);
    const turns = new Turns();
    const signIn = signInOf(config);
    const callers = new Callers(database, signIn && new AccessTokens(signIn, options.keyLimits));
    const documentsOf = (ownerId: string) => callers.documentsOf(ownerId);
    const intake = new Intake({ documentsOf, files, limits, turns });

    const outputs = new KeptOutputs({
      ...{ database, files, tempDir: config.tempDir, maxFileBytes: limits.maxFileBytes },
      make: (output: OutputToMake<FileFormat>) =>
        makeOutput(output, {
          ...{ signal: output.signal, tempDir: config.tempDir, maxPagePixels: limits.maxPagePixels },
        }),
    });
    closings.push(() => outputs.close());

    const store = await UploadStore.open(
      web.uploadDir ?? join(quireHome(config.quireHome), "uploads"),
      turns,
    );
    const erasedAt = (ownerId: string) => ownerErasedAt(database, ownerId);
    const uploads = new Uploads({
      store,
      intake,
      erasedAt,
      expiryHours: web.uploadExpiryHours,
      tessdataDir,
      log,
    });
    closings.push(() => uploads.close());
    const ownerOf = (request: IncomingMessage) => callers.ownerOf(request);
    const resumable = new ResumableUploads({ uploads, intake, limits, tessdataDir, ownerOf });
    const events = new EventHub(database.url, documentsOf, log);
    closings.push(() => events.close());

    const services = {
      ...{ config, version, database, callers, files, outputs, intake, uploads: resumable, events, log },
      audit: new AuditLog(database),
    };
    const app = webApp(apiRoutes(version, callers.signsIn), services, options.pagesFolder ?? builtPages);
    const listener = await Listener.open({
      config: web,
      onRequest: app,
      limits: options.clientLimits ?? clientLimits,
      log,
      signsIn: callers.signsIn,
    });
    closings.push(() => listener.close());
    uploads.start();
    log.info({ host: web.host, port: listener.port }, "web server listens");
    return new WebServer(web.host, listener, events, closings, log);
  }

  /** Where it listens. */
  get port(): number {
    return this.#listener.port;
  }

  /** The address to open in a browser. */
  get url(): string {
    return `http://${isIPv6(this.#host) ? `[${this.#host}]` : this.#host}:${this.port}`;
  }

  /** Ends the streams of events, lets what is under way finish for a second, and closes everything. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    // First of all: they would be under way for ever.
    this.#events.endStreams();
    for (const close of this.#closings.reverse()) {
      try {
        await within(closeWithinMs, close());
      } catch (error) {
        this.#log.warn({ error: describeError(error) }, "closing failed");
      }
    }
    this.#log.info("web server stopped");
  }
}

/** A person waits for the answer: a lost connection is tried again for so long, and then said to be away. */
const retrySeconds = 5;

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
