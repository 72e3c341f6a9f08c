import { openAccess } from "./access.ts";
import type { MemoryAnswer, OperationsAnswer, ReprocessedAnswer } from "./answers.ts";
import { request } from "./request.ts";

const tokenKey = "quire-operations-token";

/** The token of the operations page, for as long as this tab is open; null where none was given. */
export function readToken(): string | null {
  return sessionStorage.getItem(tokenKey);
}

export function keepToken(token: string): void {
  sessionStorage.setItem(tokenKey, token);
}

function authorized(init: RequestInit): RequestInit {
  const token = readToken();
  return { ...init, headers: token === null ? {} : { Authorization: `Bearer ${token}` } };
}

export function fetchOperations(signal: AbortSignal): Promise<OperationsAnswer> {
  return request("/api/operations", authorized({ signal }), openAccess);
}

export function fetchMemory(hours: number, signal: AbortSignal): Promise<MemoryAnswer> {
  return request(`/api/operations/memory?hours=${hours}`, authorized({ signal }), openAccess);
}

/** Queues documents that an older reader read. */
export function reprocessOlder(limit: number): Promise<ReprocessedAnswer> {
  return request(`/api/operations/reprocess?limit=${limit}`, authorized({ method: "POST" }), openAccess);
}

/** Puts a document that gave up back into the queue, whoever's it is. */
export function retryDeadLetter(id: string): Promise<void> {
  return request(`/api/operations/documents/${id}/retry`, authorized({ method: "POST" }), openAccess);
}
