import { access } from "../api/access.ts";
import { reportReached } from "../api/connection.ts";

/** After this many failures in a row the events count as unavailable, and the caller asks instead. */
const failuresUntilPolling = 3;
const pollMs = 5_000;
const firstReconnectMs = 3_000;
const longestReconnectMs = 30_000;

export interface LiveEventsOptions {
  /** Where to listen; asked anew at each connection, so that it can say what is known already. */
  readonly url: () => string;
  /** By the event's name; the data is the parsed JSON. */
  readonly on: Readonly<Record<string, (data: unknown) => void>>;
  /** Something may have been missed: look anew. Called at each return, and again and again while nothing connects. */
  readonly onGap: () => void;
}

/**
 * Listens to the server for as long as the tab is seen: a browser opens six connections to a host, for all tabs.
 *
 * hidden → (tab seen) → connecting → open → (lost) → connecting …; three losses in a row → polling as well, until
 * open again. `end` from the server → ended, until `close` or the next return to the tab.
 * @returns how to stop
 */
export function listen(options: LiveEventsOptions): () => void {
  let source: EventSource | null = null;
  let failures = 0;
  let reconnect: ReturnType<typeof setTimeout> | undefined;
  let polling: ReturnType<typeof setInterval> | undefined;

  const stop = () => {
    source?.close();
    source = null;
    clearTimeout(reconnect);
    clearInterval(polling);
    polling = undefined;
  };

  const connect = () => {
    stop();
    const opened = access().listen(options.url());
    source = opened;
    opened.addEventListener("open", () => {
      failures = 0;
      reportReached();
    });
    opened.addEventListener("end", stop);
    opened.addEventListener("error", () => {
      // Our own reconnection, for the browser's gives up for good at an HTTP error.
      stop();
      failures++;
      if (failures >= failuresUntilPolling) {
        polling = setInterval(options.onGap, pollMs);
      }
      const delayMs = Math.min(firstReconnectMs * 2 ** (failures - 1), longestReconnectMs);
      reconnect = setTimeout(() => {
        options.onGap();
        connect();
      }, delayMs);
    });
    for (const [name, handle] of Object.entries(options.on)) {
      opened.addEventListener(name, (event) => handle(JSON.parse((event as MessageEvent<string>).data)));
    }
  };

  const onVisibility = () => {
    if (document.visibilityState === "hidden") {
      stop();
    } else if (source === null) {
      failures = 0;
      options.onGap();
      connect();
    }
  };

  document.addEventListener("visibilitychange", onVisibility);
  if (document.visibilityState === "visible") {
    connect();
  }
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    stop();
  };
}
