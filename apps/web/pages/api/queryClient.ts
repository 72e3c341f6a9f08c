import { QueryClient } from "@tanstack/react-query";
import { connection } from "./connection.ts";
import { isNoConnection, Problem } from "./problem.ts";

const maxRetries = 3;
/** How long an answer is kept that no page shows; a document's pages can be large, so not for long. */
const keptUnusedMs = 60_000;
const firstRetryMs = 1_000;
const longestRetryMs = 8_000;

/** A lost connection is not retried here: `connection` asks, and refreshes everything once it is back. */
function isWorthRetrying(retries: number, error: Error): boolean {
  return error instanceof Problem && error.retryable && !isNoConnection(error) && retries < maxRetries;
}

/** Answers that are kept for the pages, and how to forget them and stop. */
export function createQueryClient(): { readonly client: QueryClient; close(): void } {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        // Quire may run on this very machine, which can be offline and reach it all the same.
        networkMode: "always",
        gcTime: keptUnusedMs,
        retry: isWorthRetrying,
        retryDelay: (retries) => Math.min(firstRetryMs * 2 ** retries, longestRetryMs),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
  const stopWatching = connection.watch(() => {
    if (connection.value === "up") {
      void client.invalidateQueries();
    }
  });
  const close = () => {
    stopWatching();
    client.clear();
  };
  return { client, close };
}
