import { AsyncLocalStorage } from "node:async_hooks";

/** The request on whose behalf statements are run, for the audit log to name it. */
const requests = new AsyncLocalStorage<string>();

/** Runs `work` on behalf of a request: whatever it changes in the database is logged with the request's id, a UUID. */
export function onRequest<Result>(requestId: string, work: () => Result): Result {
  return requests.run(requestId, work);
}

/** Null outside of {@link onRequest}. */
export function requestIdNow(): string | null {
  return requests.getStore() ?? null;
}
