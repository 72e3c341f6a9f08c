import { get, type IncomingMessage } from "node:http";
import type { TestContext } from "node:test";
import type { Served } from "./served.ts";

export interface ReceivedEvent {
  readonly event: string;
  readonly id: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the event carries
  readonly data: any;
}

/** Reads a stream of events as a browser does, one after the other. */
export class EventReader {
  readonly response: IncomingMessage;
  readonly #events: AsyncGenerator<ReceivedEvent, void, void>;
  /** Of the last event that had one. */
  lastId: string | null = null;

  private constructor(response: IncomingMessage) {
    this.response = response;
    this.#events = eventsIn(response);
  }

  static async open(
    t: TestContext,
    served: Served,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<EventReader> {
    const opened = Promise.withResolvers<IncomingMessage>();
    const request = get(
      { port: served.port, host: "127.0.0.1", path, headers, agent: false },
      opened.resolve,
    );
    request.on("error", opened.reject);
    t.after(() => request.destroy());
    return new EventReader(await opened.promise);
  }

  /** Null when the stream has ended. */
  async next(): Promise<ReceivedEvent | null> {
    const { value } = await this.#events.next();
    if (value?.id) this.lastId = value.id;
    return value ?? null;
  }

  /** What comes until one is as wanted, that one included. */
  async until(wanted: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent[]> {
    const passed: ReceivedEvent[] = [];
    for (let event = await this.next(); event; event = await this.next()) {
      passed.push(event);
      if (wanted(event)) return passed;
    }
    throw new Error(`the stream ended after ${JSON.stringify(passed.map(({ event }) => event))}`);
  }

  /** What comes until the stream ends. */
  async rest(): Promise<ReceivedEvent[]> {
    const passed: ReceivedEvent[] = [];
    for (let event = await this.next(); event; event = await this.next()) passed.push(event);
    return passed;
  }

  close(): void {
    this.response.destroy();
  }
}

async function* eventsIn(response: IncomingMessage): AsyncGenerator<ReceivedEvent, void, void> {
  response.setEncoding("utf8");
  let unread = "";
  for await (const chunk of response) {
    unread += chunk;
    for (let end = unread.indexOf("\n\n"); end >= 0; end = unread.indexOf("\n\n")) {
      const event = parsed(unread.slice(0, end));
      unread = unread.slice(end + 2);
      if (event) yield event;
    }
  }
}

function parsed(block: string): ReceivedEvent | null {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
  const event = field("event");
  if (event === undefined) return null;
  return { event, id: field("id") ?? null, data: JSON.parse(field("data") ?? "null") };
}
