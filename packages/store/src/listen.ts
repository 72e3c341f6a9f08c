import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { clientConfig } from "./database.ts";

const retryAfterMs = { first: 200, most: 5_000 };
/** A connection that a router has forgotten looks idle for ever: ask it something now and then. */
const aliveEveryMs = 20_000;
const answerWithinMs = 10_000;

export interface Listener {
  /** Something was told on the channel: this. */
  readonly onNotification: (payload: string) => void;
  /** The connection stands, for the first time or again: what was told before was missed. */
  readonly onConnection: () => void;
}

/** Listens to a channel of Postgres on a connection of its own, which is opened again whenever it is lost. */
export function listen(
  url: string,
  channel: string,
  { onNotification, onConnection }: Listener,
): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;

  async function once(): Promise<void> {
    const client = new pg.Client({
      ...clientConfig(url),
      application_name: "quire listen",
      query_timeout: answerWithinMs,
    });
    const lost = Promise.withResolvers<void>();
    client.on("error", () => lost.resolve());
    client.on("end", () => lost.resolve());
    client.on("notification", ({ payload = "" }) => onNotification(payload));
    const alive = setInterval(() => client.query("select 1").catch(() => lost.resolve()), aliveEveryMs);
    const stop = () => lost.resolve();
    signal.addEventListener("abort", stop);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      onConnection();
      if (!signal.aborted) await lost.promise;
    } finally {
      signal.removeEventListener("abort", stop);
      clearInterval(alive);
      await client.end().catch(() => {});
    }
  }

  async function forever(): Promise<void> {
    let waitMs = retryAfterMs.first;
    while (!signal.aborted) {
      const start = performance.now();
      await once().catch(() => {});
      if (performance.now() - start > aliveEveryMs) waitMs = retryAfterMs.first;
      await delay(waitMs, undefined, { signal }).catch(() => {});
      waitMs = Math.min(waitMs * 2, retryAfterMs.most);
    }
  }

  const ended = forever();
  return {
    close() {
      closing.abort();
      return ended;
    },
  };
}
