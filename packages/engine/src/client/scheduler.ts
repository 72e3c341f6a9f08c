import type { RecycleReason } from "./engineEvents.ts";
import type { EngineSession } from "./engineSession.ts";
import { engineBytes, engineCosts } from "./engineSettings.ts";
import type { EngineTask } from "./engineTask.ts";
import type { MemoryAdmission } from "./memoryAdmission.ts";
import type { PendingWork } from "./pendingWork.ts";
import type { ProcessSuccession } from "./processSuccession.ts";

export interface SchedulerOptions {
  readonly threads: number;
  readonly succession: ProcessSuccession;
  readonly pending: PendingWork;
  readonly admission: MemoryAdmission;
  /** There is something for the engine to do: from now on time matters. */
  readonly onWork: () => void;
}

/** Decides what the engine gets next, and when it is replaced for that. */
export class Scheduler {
  readonly #threads: number;
  readonly #succession: ProcessSuccession;
  readonly #pending: PendingWork;
  readonly #admission: MemoryAdmission;
  readonly #onWork: () => void;
  /** About to go to the engine: whoever wants to know beforehand is being notified. */
  readonly #beginning = new Set<EngineTask>();
  /** Why nothing can be done any more. */
  #closed: Error | null = null;

  constructor({ threads, succession, pending, admission, onWork }: SchedulerOptions) {
    this.#threads = threads;
    this.#succession = succession;
    this.#pending = pending;
    this.#admission = admission;
    this.#onWork = onWork;
  }

  /** Tasks that the engine has, or is about to get. */
  get taskCount(): number {
    return this.#succession.all.reduce((sum, { underWay }) => sum + underWay.size, this.#beginning.size);
  }

  /** One page recognised by each OCR thread, and one rendered ahead: rendering is ten times as fast. */
  get maxTasks(): number {
    return this.#threads + 1;
  }

  /** Hands the engine as much as it may have: a suspect alone, else what is queued, and pages in turn. */
  schedule(): void {
    if (this.#closed) {
      this.#pending.abandonAll(this.#closed);
      return;
    }
    this.#succession.retireIdle();
    if (this.#succession.state === "draining") {
      this.#startNextMeanwhile();
      return;
    }
    if (this.#admission.isHeld || !this.#pending.hasWork) return;
    this.#onWork();
    this.#succession.startIfOff();
    const { taking } = this.#succession;
    if (!taking || this.#tasks.some(({ suspect, wanted }) => suspect && wanted)) return;
    if (this.#pending.firstSuspect) this.#beginSuspect(taking, this.#pending.firstSuspect);
    else {
      for (const task of this.#pending.takeQueued()) this.#begin(task);
      this.#beginPages();
    }
  }

  /** Replaces the engine process between two pages: nothing is read twice. */
  recycle(reason: RecycleReason): void {
    const succession = this.#succession;
    if (!succession.replaceable) return;
    const urgent = reason === "high" || reason === "no_room" || !this.#pending.hasWork;
    if (!urgent && (succession.state === "warming" || !succession.mayStartSuccessor)) return;
    if (urgent || !this.#admission.hasRoomFor(engineBytes(this.#threads))) {
      succession.drain(reason);
      this.schedule();
    } else succession.replaceBeside(reason);
  }

  /** Begins nothing more, now or later: everything ends with this error. */
  close(error: Error): void {
    this.#closed = error;
    this.abandonAll(error);
  }

  /** Ends everything, under way or not, with this error. */
  abandonAll(error: Error): void {
    for (const session of this.#succession.all) {
      for (const task of session.underWay.values()) task.abandon(error);
      session.underWay.clear();
    }
    for (const task of this.#beginning) task.abandon(error);
    this.#pending.abandonAll(error);
  }

  get #tasks(): EngineTask[] {
    const underWay = this.#succession.all.flatMap((session) => [...session.underWay.values()]);
    return [...underWay, ...this.#beginning];
  }

  /** While the engine finishes its pages, its successor may start, if there is work and room for it. */
  #startNextMeanwhile(): void {
    const { next, mayStartSuccessor } = this.#succession;
    if (next || this.#admission.isHeld || !mayStartSuccessor || !this.#pending.hasWork) return;
    if (this.#admission.hasRoomFor(engineCosts.idle)) this.#succession.startNextMeanwhile();
  }

  #beginSuspect(taking: EngineSession, suspect: EngineTask): void {
    const tasks = this.#tasks;
    const isTooOld = suspect.needsFreshEngine && taking.pagesRead > 0;
    // Pages that nobody waits for any more are not waited for here either.
    const onlyUnwanted = !tasks.some(({ wanted }) => wanted);
    if (tasks.length === 0 && !isTooOld) {
      this.#pending.takeSuspect();
      this.#begin(suspect);
    } else if (onlyUnwanted) this.recycle("no_room");
  }

  #beginPages(): void {
    while (this.#succession.taking && this.taskCount < this.maxTasks) {
      const { nextDocument } = this.#pending;
      if (!nextDocument || !this.#admitsPage()) return;
      const page = this.#pending.takePage(nextDocument);
      if (page) this.#begin(page);
    }
  }

  #admitsPage(): boolean {
    const growthBytes = this.#succession.current?.growth.bytesPerPage ?? 0;
    const admission = this.#admission.admitPage(growthBytes, this.taskCount, this.maxTasks);
    if (admission === "fresh_engine") this.recycle("no_room");
    return admission === "now";
  }

  /** Hands a task to the engine, after notifying whoever wants to know. */
  #begin(task: EngineTask): void {
    const notified = task.begin?.({ alone: task.suspect });
    if (!notified) {
      this.#handOver(task);
      return;
    }
    this.#beginning.add(task);
    notified.then(
      () => {
        this.#beginning.delete(task);
        this.#handOver(task);
        this.schedule();
      },
      (error: Error) => {
        this.#beginning.delete(task);
        task.abandon(error);
        this.schedule();
      },
    );
  }

  #handOver(task: EngineTask): void {
    if (!task.wanted) return;
    const { taking } = this.#succession;
    if (taking) taking.begin(task);
    // The engine died meanwhile, or is being replaced: the task goes to the next one, and is notified of again.
    else this.#pending.putBack(task);
  }
}
