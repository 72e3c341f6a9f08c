import type { ServerResponse } from "node:http";
import { reconnectAfterMs } from "./bounds.ts";

/** One event in its form on the wire, made once for however many streams. */
export type EncodedEvent = string;

/** https://html.spec.whatwg.org/multipage/server-sent-events.html. Without an id the client keeps the one it has. */
export function encodeEvent(event: string, data: unknown, id?: number): EncodedEvent {
  const ofId = id === undefined ? "" : `id: ${id}\n`;
  // JSON has no line breaks, which would end the data.
  return `${ofId}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Server-sent events to one client. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #onDrain = new Set<() => void>();
  readonly #onClose = new Set<() => void>();

  private constructor(response: ServerResponse) {
    this.#response = response;
    response.on("drain", () => {
      for (const tell of this.#onDrain) tell();
    });
    response.once("close", () => {
      for (const tell of this.#onClose) tell();
    });
  }

  static open(response: ServerResponse): EventStream {
    response.writeHead(200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store",
      // Of proxies that collect an answer before they pass it on.
      "X-Accel-Buffering": "no",
    });
    response.write(`retry: ${reconnectAfterMs}\n\n`);
    return new EventStream(response);
  }

  /**
   * Whether the client has not read what it was sent. Whoever writes leaves it alone then, so that nothing piles up
   * here, and goes on at {@link onDrain}; a client that reads nothing at all is cut off by the server's idle time.
   */
  get isCongested(): boolean {
    return this.#response.writableNeedDrain;
  }

  get isClosed(): boolean {
    return this.#response.closed || this.#response.writableEnded;
  }

  /** What is written but not yet taken by the network, in bytes. */
  get unsentBytes(): number {
    return this.#response.writableLength;
  }

  send(...events: EncodedEvent[]): void {
    if (!this.isClosed && events.length > 0) this.#response.write(events.join(""));
  }

  /** A comment, which clients pass over: it keeps the connection alive. */
  ping(): void {
    if (!this.isCongested) this.send(": ping\n\n");
  }

  /** Breaks it off, for a client that does not read: what it has not read is dropped. */
  cut(): void {
    this.#response.destroy();
  }

  /** Ends it; the client comes back unless it was told that there is nothing more. */
  end(): void {
    if (!this.isClosed) this.#response.end();
  }

  onDrain(tell: () => void): void {
    this.#onDrain.add(tell);
  }

  onClose(tell: () => void): void {
    if (this.isClosed) tell();
    else this.#onClose.add(tell);
  }
}
