import type { IncomingMessage } from "node:http";

/** What goes wrong with one request. */
export type Fault =
  /** Refused by the gateway or the service, before anything is read. */
  | { readonly status: number; readonly retryAfter?: string }
  /** The connection ends after so many bytes of the body, whichever way that goes. */
  | { readonly cutAfterBytes: number }
  /** The body stands still after so many bytes, whichever way it goes, until this resolves. */
  | { readonly stallAfterBytes: number; readonly until: Promise<unknown> }
  /** The answer is lost: all was received and done. */
  | { readonly loseAnswer: true }
  /** The body goes at this pace, whichever way it goes. */
  | { readonly pauseMsEachChunk: number };

/** Of which request: its method and the begin of its path below `/storage/v1`. */
export type RequestPattern = `${"GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE"} /${string}`;

/** The faults that a test has switched on, and what was asked meanwhile. */
export class Faults {
  /** Method and path of every request so far. */
  readonly asked: string[] = [];
  #planned: { pattern: RequestPattern; fault: Fault; times: number }[] = [];

  /** The next requests that fit meet this fault, the first planned first. */
  plan(pattern: RequestPattern, fault: Fault, times = 1): void {
    this.#planned.push({ pattern, fault, times });
  }

  clear(): void {
    this.asked.length = 0;
    this.#planned = [];
  }

  /** The fault of this request, which counts as met; undefined: none. */
  meet({ method }: IncomingMessage, path: string): Fault | undefined {
    const request = `${method} ${path}`;
    this.asked.push(request);
    const planned = this.#planned.find(({ pattern, times }) => times > 0 && request.startsWith(pattern));
    if (!planned) return undefined;
    planned.times--;
    return planned.fault;
  }
}

/** A body cut by a fault. */
export class Cut extends Error {}

/** A body as a fault lets it through. */
export async function* faulted(
  body: AsyncIterable<Uint8Array>,
  fault: Fault | undefined,
): AsyncGenerator<Uint8Array> {
  let passedBytes = 0;
  for await (const chunk of body) {
    const limitBytes = boundOf(fault);
    if (passedBytes + chunk.length > limitBytes) {
      const head = chunk.subarray(0, Math.max(0, limitBytes - passedBytes));
      yield head;
      if (fault && "cutAfterBytes" in fault) throw new Cut("cut by a fault");
      if (fault && "stallAfterBytes" in fault && passedBytes <= limitBytes) await fault.until;
      yield chunk.subarray(head.length);
    } else yield chunk;
    passedBytes += chunk.length;
    if (fault && "pauseMsEachChunk" in fault)
      await new Promise((resolve) => setTimeout(resolve, fault.pauseMsEachChunk));
  }
}

function boundOf(fault: Fault | undefined): number {
  if (fault && "cutAfterBytes" in fault) return fault.cutAfterBytes;
  if (fault && "stallAfterBytes" in fault) return fault.stallAfterBytes;
  return Number.POSITIVE_INFINITY;
}
