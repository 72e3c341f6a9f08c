import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { cannotListen } from "@quire/core";
import { describeError } from "@quire/core/log";
import { type Answers, routes } from "./routes.ts";

/** For a host's check, a scraper, and a few people who look: each asks and goes. More are turned away. */
const maxConnections = 32;
/** Two are enough for what we read of a request: a path and a token. */
const maxHeaderBytes = 8_192;
/** What is under way at closing is one small answer. */
const closeWithinMs = 1_000;

/** How long a client may take, in milliseconds; a host's health check gives up after 5 s itself (Render). */
export interface ClientLimits {
  readonly headersMs: number;
  readonly requestMs: number;
  /** Without a byte in either direction, an answer that nobody fetches included. */
  readonly idleMs: number;
  /** How often the first two are looked after. */
  readonly checkEveryMs: number;
}

const clientLimits: ClientLimits = {
  headersMs: 5_000,
  requestMs: 10_000,
  idleMs: 15_000,
  checkEveryMs: 2_000,
};

export interface HealthServerOptions extends Answers {
  readonly clientLimits?: ClientLimits;
}

/** The worker's own HTTP server, on which it says how it stands. */
export class HealthServer {
  readonly #server: Server;
  /** Where it listens. */
  readonly port: number;
  #connections = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => {
      this.#connections++;
      socket.once("close", () => this.#connections--);
    });
  }

  /**
   * Listens on `config.host` and `config.port`; 0: any that is free.
   *
   * @throws QuireError `port_in_use`; `invalid_configuration` where this address cannot be listened on
   */
  static async start(options: HealthServerOptions): Promise<HealthServer> {
    const { config, log, clientLimits: limits = clientLimits } = options;
    const server = createServer(limits);
    server.on("request", routes(options));
    server.maxConnections = maxConnections;
    server.setTimeout(limits.idleMs);
    try {
      server.listen(config.port, config.host);
      await once(server, "listening");
    } catch (error) {
      throw cannotListen(error as NodeJS.ErrnoException, config, "PORT");
    }
    const health = new HealthServer(server);
    server.on("error", (error) => log.warn({ error: describeError(error) }, "health server has trouble"));
    log.info({ host: config.host, port: health.port }, "health server listens");
    return health;
  }

  /** Its own bound, for the metrics. */
  get connections() {
    return { name: "http_connections", used: this.#connections, limit: maxConnections } as const;
  }

  /** Stops listening; what is idle is closed at once, what is under way has a second. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    const cut = setTimeout(() => this.#server.closeAllConnections(), closeWithinMs);
    await closed;
    clearTimeout(cut);
  }
}

function createServer({ headersMs, requestMs, checkEveryMs }: ClientLimits): Server {
  // An `import` of node:http evaluates all it exports, its WebSocket too: 5 MB of undici that a worker never uses.
  return process.getBuiltinModule("node:http").createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkEveryMs,
    maxHeaderSize: maxHeaderBytes,
  });
}
