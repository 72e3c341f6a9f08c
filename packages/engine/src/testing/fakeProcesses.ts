import type { MemoryReading } from "@quire/memory";
import type {
  EngineDeath,
  EnginePorts,
  EngineProcessPort,
  EngineStart,
  ProcessListener,
} from "../client/enginePorts.ts";
import type { EngineMessage, EngineRequest } from "../protocol.ts";

/** What a process has been asked and has not answered. */
export type OpenRequest = Extract<EngineRequest, { type: "open" | "read" }>;

/** An engine process in name only: a test says what it sends, and when it dies. */
export class FakeProcess implements EngineProcessPort {
  readonly pid: number;
  readonly #listener: ProcessListener;
  readonly #onRequest: (process: FakeProcess, request: OpenRequest) => void;
  readonly #open = new Map<string, OpenRequest>();
  isReady = false;
  isWarming = false;
  /** The client has killed it; its end has not been reported yet. */
  isKilled = false;
  isDead = false;
  pagesSent = 0;

  constructor(
    pid: number,
    listener: ProcessListener,
    onRequest: (process: FakeProcess, request: OpenRequest) => void,
  ) {
    this.pid = pid;
    this.#listener = listener;
    this.#onRequest = onRequest;
  }

  get openRequests(): OpenRequest[] {
    return [...this.#open.values()];
  }

  send(request: EngineRequest): void {
    if (this.isDead || this.isKilled) return;
    if (request.type === "warm") this.isWarming = true;
    if (request.type !== "open" && request.type !== "read") return;
    this.#onRequest(this, request);
    this.#open.set(keyOf(request), request);
  }

  kill(): void {
    this.isKilled = true;
  }

  /** Sends a message to the client; an answer settles what was asked. */
  say(message: EngineMessage): void {
    if (this.isDead) return;
    if (message.type === "ready") this.isReady = true;
    if (message.type === "warmed") this.isWarming = false;
    if (message.type === "opened" || message.type === "refused") this.#open.delete(`${message.document}`);
    if (message.type === "unfit") this.#open.delete(`${message.document}:${message.pageNumber}`);
    if (message.type === "page") {
      this.#open.delete(`${message.document}:${message.result.pageNumber}`);
      this.pagesSent++;
    }
    this.#listener.onMessage(message);
  }

  die(death: EngineDeath): void {
    if (this.isDead) return;
    this.isDead = true;
    this.#listener.onDeath(death);
  }
}

/** Processes, time and memory that are a test's to command. */
export class FakeProcesses implements EnginePorts {
  /** Checks what the client asks of a process. */
  onRequest: (process: FakeProcess, request: OpenRequest) => void = () => {};
  usedBytes = 100_000_000;
  readonly #started: FakeProcess[] = [];
  readonly #tickers = new Set<{ readonly everyMs: number; readonly tick: () => void; dueMs: number }>();
  #nowMs = 0;

  /** Those that have not died, in the order of their start. */
  get living(): FakeProcess[] {
    return this.#started.filter(({ isDead }) => !isDead);
  }

  get startedCount(): number {
    return this.#started.length;
  }

  readonly clock = {
    now: () => this.#nowMs,
    every: (everyMs: number, tick: () => void) => {
      const ticker = { everyMs, tick, dueMs: this.#nowMs + everyMs };
      this.#tickers.add(ticker);
      return () => void this.#tickers.delete(ticker);
    },
  };

  readonly gauge = {
    read: (): MemoryReading => {
      const limitBytes = 512_000_000;
      return {
        usedBytes: this.usedBytes,
        limitBytes,
        share: this.usedBytes / limitBytes,
        source: "processes",
      };
    },
  };

  startProcess(_start: EngineStart, listener: ProcessListener): FakeProcess {
    const process = new FakeProcess(this.#started.length + 1, listener, (one, request) =>
      this.onRequest(one, request),
    );
    this.#started.push(process);
    return process;
  }

  /** Lets time pass. */
  advance(milliseconds: number): void {
    const untilMs = this.#nowMs + milliseconds;
    for (;;) {
      const due = [...this.#tickers].filter(({ dueMs }) => dueMs <= untilMs);
      const first = due.toSorted((one, other) => one.dueMs - other.dueMs)[0];
      if (!first) break;
      this.#nowMs = first.dueMs;
      first.dueMs += first.everyMs;
      first.tick();
    }
    this.#nowMs = untilMs;
  }
}

/** As `taskKey`. */
export function keyOf(request: OpenRequest): string {
  return request.type === "open" ? `${request.document}` : `${request.document}:${request.pageNumber}`;
}
