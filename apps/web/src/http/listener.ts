import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { cannotListen, QuireError, type WebConfig } from "@quire/core";
import { describeError, type Logger } from "@quire/core/log";
import { isLoopback } from "./loopback.ts";

/** How long a client may take, in milliseconds. */
export interface ClientLimits {
  readonly headersMs: number;
  /** Without a byte in either direction: uploads that stand still, and answers that nobody fetches. */
  readonly idleMs: number;
  readonly keepAliveMs: number;
  /** How often the first is looked after. */
  readonly checkEveryMs: number;
}

/** A whole upload may take as long as its line is slow; that it moves is what is asked for. */
export const clientLimits: ClientLimits = {
  headersMs: 10_000,
  idleMs: 60_000,
  keepAliveMs: 15_000,
  checkEveryMs: 2_000,
};

/** For what is longest: an upload's name of 255 characters in UTF-8 and base64 takes 1.4 KB. */
const maxHeaderBytes = 16_384;
/** The streams of events there may be (see `events/bounds.ts`), and as many again as a busy office asks at once. */
const maxConnections = 1_280;
/** What is under way at closing: an upload goes on where it stopped, a download is asked for again. */
const closeWithinMs = 1_000;

export interface ListenerOptions {
  readonly config: Pick<WebConfig, "host" | "port">;
  readonly onRequest: RequestListener;
  readonly limits: ClientLimits;
  readonly log: Logger;
  /** Whether people sign in: only then others may reach it. */
  readonly signsIn: boolean;
}

/** The HTTP server: who may connect, for how long, and where. */
export class Listener {
  readonly #server: Server;
  /** Where it listens, also where any port that is free was asked for. */
  readonly port: number;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /**
   * @throws QuireError `port_in_use`; `invalid_configuration` where the address is not this machine's, or is one that
   *   others can reach
   */
  static async open({ config, onRequest, limits, log, signsIn }: ListenerOptions): Promise<Listener> {
    if (!signsIn) assertLoopback(config.host);
    const server = createServer(
      {
        headersTimeout: limits.headersMs,
        // The whole of a request, an upload's body included: see idleMs.
        requestTimeout: 0,
        keepAliveTimeout: limits.keepAliveMs,
        connectionsCheckingInterval: limits.checkEveryMs,
        maxHeaderSize: maxHeaderBytes,
      },
      onRequest,
    );
    // Who asks first whether to send (curl, of all that is over 1 MB) is told by whoever takes the body.
    server.on("checkContinue", onRequest);
    server.maxConnections = maxConnections;
    server.setTimeout(limits.idleMs);
    try {
      server.listen(config.port, config.host);
      await once(server, "listening");
    } catch (error) {
      throw cannotListen(error as NodeJS.ErrnoException, config, "WEB_PORT");
    }
    server.on("error", (error) => log.warn({ error: describeError(error) }, "web server has trouble"));
    return new Listener(server);
  }

  /** Stops listening; what is idle is closed at once, what is under way has a second. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    const cut = setTimeout(() => this.#server.closeAllConnections(), closeWithinMs);
    await closed;
    clearTimeout(cut);
  }
}

/** Nobody signs in: whoever can reach the port sees every document. */
function assertLoopback(host: string): void {
  if (isLoopback(host)) return;
  throw new QuireError(
    "invalid_configuration",
    `HOST="${host}" would show every document to whoever can reach that address, as nobody signs in. ` +
      "Set HOST to 127.0.0.1, and reach it from elsewhere through a tunnel, such as ssh -L; " +
      "or have people sign in: set SUPABASE_URL and SUPABASE_ANON_KEY.",
  );
}
