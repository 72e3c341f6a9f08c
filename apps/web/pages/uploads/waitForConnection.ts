import { connection } from "../api/connection.ts";

/** Waits so long; shorter when `signal` says so, or when the connection that was away is back. */
export function waitForConnection(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wasDown = connection.value === "down";
    const end = () => {
      clearTimeout(timer);
      stopWatching();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    const stopWatching = connection.watch(() => {
      if (wasDown && connection.value === "up") {
        end();
      }
    });
    signal.addEventListener("abort", end);
  });
}
