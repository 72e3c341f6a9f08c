import type { EngineFigures, EngineMessage, EngineRequest } from "../protocol.ts";
import type { Killing } from "./blame.ts";
import type { EngineDeath, EnginePorts, EngineProcessPort, EngineStart } from "./enginePorts.ts";
import { type EngineTask, taskKey } from "./engineTask.ts";
import { advance } from "./pageClock.ts";
import { PageGrowth } from "./pageGrowth.ts";

export interface SessionListener {
  onMessage(message: EngineMessage, session: EngineSession): void;
  onDeath(death: EngineDeath, session: EngineSession): void;
}

/** One life of an engine process, from its start to its end, with the tasks that it has. */
export class EngineSession {
  readonly underWay = new Map<string, EngineTask>();
  readonly growth: PageGrowth;
  readonly #process: EngineProcessPort;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** It has said that it is ready for work. */
  ready = false;
  pagesRead = 0;
  #killing: Killing | null = null;
  #figures: EngineFigures | null = null;
  /** It has died, or nobody wants to hear of it any more. */
  #ended = false;
  /** It has been killed because it did not come up: should it be ready just then, that is too late. */
  #hung = false;

  constructor(start: EngineStart, ports: EnginePorts, listener: SessionListener) {
    this.growth = new PageGrowth(start.settings.threads);
    this.#now = () => ports.clock.now();
    this.#startedAt = this.#now();
    this.#process = ports.startProcess(start, {
      onMessage: (message) => {
        if (!this.#ended && !this.#hung) listener.onMessage(message, this);
      },
      onDeath: (death) => {
        if (this.#ended) return;
        this.#ended = true;
        listener.onDeath(death, this);
      },
    });
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
    return this.#now() - this.#startedAt;
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

  /** A task under way, if it is one of this kind; undefined if nobody asked for that. */
  find<T extends EngineTask>(
    kind: new (...args: never[]) => T,
    document: number,
    pageNumber: number | null = null,
  ): T | undefined {
    const task = this.underWay.get(taskKey(document, pageNumber));
    return task instanceof kind ? task : undefined;
  }

  /** The same, for a task that has its answer: it is not under way any more. */
  take<T extends EngineTask>(
    kind: new (...args: never[]) => T,
    document: number,
    pageNumber: number | null = null,
  ): T | undefined {
    const task = this.find(kind, document, pageNumber);
    if (task) this.underWay.delete(task.key);
    return task;
  }

  /** Advances the time of what is under way. @returns what has used up its time */
  advance(tickMs: number, timeoutMs: number): EngineTask | undefined {
    return advance(this.underWay.values(), tickMs, timeoutMs);
  }

  /** Kills it; its death is reported. The first reason counts. */
  kill(killing: Killing): void {
    this.#killing ??= killing;
    this.#process.kill();
  }

  /** Kills it because it does not come up: its death counts as a failed start. */
  killHung(): void {
    this.#hung = true;
    this.#process.kill();
  }

  /** Kills it because nobody waits for anything that it has: its death is not reported. */
  dismiss(): void {
    this.#ended = true;
    this.#process.kill();
  }
}
