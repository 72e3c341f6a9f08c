import type { EngineFigures, EngineMessage, EngineRequest } from "../protocol.ts";
import type { Killing } from "./blame.ts";
import { type EngineDeath, EngineProcess, type EngineStart } from "./engineProcess.ts";
import { type EngineTask, taskKey } from "./engineTask.ts";
import { advance } from "./pageClock.ts";
import { PageGrowth } from "./pageGrowth.ts";

export interface SessionOptions extends EngineStart {
  readonly onMessage: (message: EngineMessage, session: EngineSession) => void;
  readonly onDeath: (death: EngineDeath, session: EngineSession) => void;
}

/** One life of an engine process, from its start to its end, with the tasks that it has. */
export class EngineSession {
  readonly underWay = new Map<string, EngineTask>();
  readonly growth: PageGrowth;
  readonly #process: EngineProcess;
  readonly #startedAt = performance.now();
  /** It has said that it is ready for work. */
  ready = false;
  /** Pages that it has read. */
  pagesRead = 0;
  #killing: Killing | null = null;
  #figures: EngineFigures | null = null;
  #ended = false;

  constructor({ onMessage, onDeath, ...start }: SessionOptions) {
    this.growth = new PageGrowth(start.settings.threads);
    this.#process = new EngineProcess(
      start,
      (message) => !this.#ended && onMessage(message, this),
      (death) => {
        if (this.#ended) return;
        this.#ended = true;
        onDeath(death, this);
      },
    );
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** What it last said of its memory; null before its first page. */
  get figures(): EngineFigures | null {
    return this.#figures;
  }

  noteFigures(figures: EngineFigures): void {
    this.#figures = figures;
    this.growth.note(figures);
  }

  /** Why we are killing it; null if we are not. */
  get killing(): Killing | null {
    return this.#killing;
  }

  /** It may be given work. */
  get isAvailable(): boolean {
    return this.ready && this.#killing === null;
  }

  /** Whether anybody still waits for something that it has. */
  get isWanted(): boolean {
    return [...this.underWay.values()].some(({ wanted }) => wanted);
  }

  get ageMs(): number {
    return performance.now() - this.#startedAt;
  }

  begin(task: EngineTask): void {
    task.stage = "sent";
    task.elapsedMs = 0;
    this.underWay.set(task.key, task);
    this.send(task.request);
  }

  send(request: EngineRequest): void {
    this.#process.send(request);
  }

  /** Takes a task that has its answer from those under way; undefined if nobody asked. */
  take<T extends EngineTask>(
    kind: new (...args: never[]) => T,
    document: number,
    pageNumber: number | null = null,
  ): T | undefined {
    const key = taskKey(document, pageNumber);
    const task = this.underWay.get(key);
    this.underWay.delete(key);
    return task instanceof kind ? task : undefined;
  }

  /** Lets the time of what is under way run. @returns what has used up its time */
  advance(tickMs: number, timeoutMs: number): EngineTask | undefined {
    return advance(this.underWay.values(), tickMs, timeoutMs);
  }

  /** Kills it; its death is told. The first reason counts. */
  kill(killing: Killing): void {
    this.#killing ??= killing;
    this.#process.kill();
  }

  /** Kills it, for it does not come up: that counts as a start that failed. */
  killHung(): void {
    this.#process.kill();
  }

  /** Kills it, for it holds nothing that anybody waits for; nothing more is heard of it. */
  dismiss(): void {
    this.#ended = true;
    this.#process.kill();
  }
}
