import { type Config, QuireError } from "@quire/core";
import { judge } from "./blame.ts";
import type { EngineEvent } from "./engineEvents.ts";
import type { EngineDeath } from "./enginePorts.ts";
import type { EngineSession } from "./engineSession.ts";
import type { PendingWork } from "./pendingWork.ts";
import type { ProcessSuccession } from "./processSuccession.ts";
import type { Scheduler } from "./scheduler.ts";

/** Engines in a row that died before they were ready: then it is not the document's fault. */
const maxFailedStarts = 3;

export interface DeathHandlerOptions {
  readonly config: Pick<Config, "pageTimeoutSeconds">;
  readonly succession: ProcessSuccession;
  readonly scheduler: Scheduler;
  readonly pending: PendingWork;
  /** A process has died before it was ready. */
  readonly onFailedStart: () => void;
  readonly onEvent: (event: EngineEvent) => void;
}

/**
 * Decides what becomes of the tasks of a process that has died: they are suspects, not guilty, and are done again. Where
 * processes die before they are ready, again and again, everything ends.
 */
export class DeathHandler {
  readonly #options: DeathHandlerOptions;
  #failedStarts = 0;

  constructor(options: DeathHandlerOptions) {
    this.#options = options;
  }

  /** It died again and again before it was ready: the installation is at fault. */
  get cannotStart(): boolean {
    return this.#failedStarts >= maxFailedStarts && !this.#options.succession.current?.ready;
  }

  noteReady(): void {
    this.#failedStarts = 0;
  }

  handle(death: EngineDeath, session: EngineSession): void {
    const { succession, scheduler, pending, config, onEvent } = this.#options;
    const { killing } = session;
    const ending = {
      death,
      killing,
      alone: scheduler.taskCount === 1,
      pageTimeoutSeconds: config.pageTimeoutSeconds,
    };
    const wasNext = session === succession.next;
    const tasks = [...session.underWay.values()];
    session.underWay.clear();
    succession.remove(session);
    const pagesUnderWay = tasks.filter(({ kind }) => kind === "page").length;
    onEvent({ type: "died", death: killing?.reason ?? death, pagesUnderWay });
    for (const task of tasks.filter(({ wanted }) => wanted)) {
      const verdict = judge(task, ending);
      if (verdict === "again") pending.queue(task);
      if (verdict === "suspect") pending.suspect(task);
    }
    // A successor that does not come up costs the engine that works nothing.
    if (!wasNext && !session.ready && !killing) this.#noteFailedStart();
    scheduler.schedule();
  }

  #noteFailedStart(): void {
    this.#failedStarts++;
    this.#options.onFailedStart();
    if (!this.cannotStart) return;
    this.#options.onEvent({ type: "unavailable" });
    this.#options.scheduler.abandonAll(
      new QuireError("engine_unavailable", "The engine cannot be started. Run: npm ci && npm run build"),
    );
  }
}
