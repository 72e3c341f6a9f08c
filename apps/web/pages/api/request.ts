import { type Access, access } from "./access.ts";
import { reportReached, reportUnreachable } from "./connection.ts";
import { isNoConnection, noConnection, Problem, toProblem } from "./problem.ts";

/** Longer than the server takes to say that its database is away. */
const requestTimeoutMs = 30_000;

/**
 * Asks the API and returns its JSON; undefined where the answer has no body.
 * @param by other than as who is signed in: the operations have a token of their own
 * @throws Problem when it is refused or nobody answers; AbortError when `init.signal` says so.
 */
export async function request<T>(path: string, init: RequestInit = {}, by: Access = access()): Promise<T> {
  const answer = await ask(path, init, by);
  const body = await answer.text();
  if (!answer.ok) {
    const problem = toProblem(answer.status, body, answer.headers.get("retry-after"));
    if (isNoConnection(problem)) {
      reportUnreachable();
    } else {
      reportReached();
    }
    throw problem;
  }
  reportReached();
  return (body === "" ? undefined : JSON.parse(body)) as T;
}

async function ask(path: string, init: RequestInit, by: Access): Promise<Response> {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  try {
    return await by.fetch(path, {
      ...init,
      signal,
      headers: { Accept: "application/json", ...init.headers },
    });
  } catch (error) {
    if (init.signal?.aborted || (error instanceof Problem && !isNoConnection(error))) {
      throw error;
    }
    reportUnreachable();
    throw noConnection();
  }
}

/** The query part of an address; what is null or empty is left out. */
export function queryString(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "") {
      parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
