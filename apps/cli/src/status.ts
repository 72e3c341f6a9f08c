import { setTimeout as delay } from "node:timers/promises";
import { type Config, QuireError } from "@quire/core";
import { createLogUpdate } from "log-update";
import { askWorker, type StatusAnswer } from "./askWorker.ts";
import { type ExitCode, exitCodes, explain } from "./exitCodes.ts";
import { type Screen, statusScreen } from "./statusScreen.ts";
import { wrapLines } from "./wrapLines.ts";

export interface StatusOptions {
  readonly url?: string;
  readonly once: boolean;
  readonly json: boolean;
}

const refreshEveryMs = 1_000;
/** For what is not a terminal, and so has no end. */
const endless: Screen = { columns: 80, rows: Number.POSITIVE_INFINITY };

/**
 * `quire status`: how a worker stands; live on a terminal until Ctrl-C, else once.
 *
 * @throws QuireError `worker_unreachable`, `invalid_configuration`
 */
export async function status(options: StatusOptions, { health }: Config): Promise<ExitCode> {
  const url = workerUrl(options.url, health);
  // Whoever is not there at the start is an error; a live view waits for a worker that starts again.
  const answer = await askWorker(url, health.token);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(answer.report, null, 2)}\n`);
  } else if (options.once || !process.stdout.isTTY) {
    process.stdout.write(`${statusScreen(answer.report, url, endless)}\n`);
  } else {
    await live(answer, url, health.token);
    return exitCodes.read;
  }
  return answer.healthy ? exitCodes.read : exitCodes.internal;
}

/** Shows it anew every second until Ctrl-C; the last picture stays, and the terminal is as it was. */
async function live(first: StatusAnswer, url: URL, token: string | null): Promise<void> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  // Not `once`: log-update, which gives the cursor back, kills the process if it finds nobody else listening.
  for (const signal of signals) process.on(signal, stop);
  const show = createLogUpdate(process.stdout);
  let { report } = first;
  let toldAt = new Date();
  let trouble: string | null = null;
  try {
    while (!stopping.signal.aborted) {
      const { columns, rows } = process.stdout;
      const last = `Asked again every second; this is what it said at ${toldAt.toLocaleTimeString()}:`;
      const notes = trouble === null ? [] : [...wrapLines(trouble, columns), ...wrapLines(last, columns), ""];
      // One row stays for the cursor.
      const screen = { columns, rows: rows - notes.length - 1 };
      show([...notes, statusScreen(report, url, screen)].join("\n"));
      await delay(refreshEveryMs, undefined, { signal: stopping.signal });
      try {
        ({ report } = await askWorker(url, token, stopping.signal));
        toldAt = new Date();
        trouble = null;
      } catch (error) {
        trouble = explain(error);
      }
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    show.done();
    for (const signal of signals) process.off(signal, stop);
  }
}

/** Where this machine's worker answers, unless told otherwise. */
function workerUrl(given: string | undefined, { host, port }: Config["health"]): URL {
  if (given !== undefined) return parseUrl(given);
  if (port === 0)
    throw new QuireError(
      "invalid_configuration",
      "PORT is 0, any that is free: name the worker's address with --url http://HOST:PORT.",
    );
  const anyAddress: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
  const address = anyAddress[host] ?? host;
  return parseUrl(`http://${address.includes(":") ? `[${address}]` : address}:${port}`);
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "") return url;
  throw new QuireError(
    "invalid_configuration",
    "The worker's address is no http:// or https:// URL without a user: --url http://HOST:PORT.",
  );
}
