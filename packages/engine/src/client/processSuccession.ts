import type { Killing } from "./blame.ts";
import type { RecycleReason } from "./engineEvents.ts";
import type { EngineSession } from "./engineSession.ts";

/**
 * Which engine processes there are, and what each is for. `current` gets the work; `next` is its successor, which is
 * coming up; `last` is its predecessor, which finishes the pages it has.
 *
 * - off: there is none.
 * - single: `current` alone, starting until it is ready.
 * - warming: `current` goes on while `next` starts and warms up beside it.
 * - handover: `next` has become `current`, and the one before, `last`, finishes its pages.
 * - draining: `current` finishes its pages and begins no other; `next` may start meanwhile, but does not warm up.
 * - closed: the end.
 *
 *     off      -- start                --> single
 *     single   -- replaceBeside        --> warming
 *     single   -- drain                --> draining
 *     warming  -- drain                --> draining, with no `next`
 *     warming  -- next is warm         --> handover
 *     handover -- last is idle         --> single
 *     draining -- current is idle      --> single (next), or off if there is no `next`
 *     any      -- close                --> closed
 *
 * What a process's death does:
 *
 *     single   -- current dies --> off
 *     warming  -- current dies --> single (next)
 *     warming  -- next dies    --> single (current)
 *     handover -- last dies    --> single (current)
 *     handover -- current dies --> draining (last): it still has pages and is still to be replaced
 *     draining -- current dies --> single (next), or off
 *     draining -- next dies    --> draining, with no `next`
 */
type Processes =
  | { readonly state: "off" }
  | { readonly state: "single"; readonly current: EngineSession }
  | ({ readonly state: "warming"; readonly next: EngineSession } & Replacing)
  | ({ readonly state: "handover"; readonly last: EngineSession } & Replacing)
  | ({ readonly state: "draining"; readonly next: EngineSession | null } & Replacing)
  | { readonly state: "closed" };

interface Replacing {
  readonly current: EngineSession;
  readonly reason: RecycleReason;
}

export interface SuccessionOptions {
  readonly start: () => EngineSession;
  readonly now: () => number;
  readonly onRecycled: (reason: RecycleReason, pagesRead: number) => void;
}

/** A successor has not come up: the engine that works is not risked for another so soon. */
const retrySuccessorAfterMs = 30_000;

/** @see Processes */
export class ProcessSuccession {
  readonly #options: SuccessionOptions;
  #processes: Processes = { state: "off" };
  #noSuccessorUntil = Number.NEGATIVE_INFINITY;

  constructor(options: SuccessionOptions) {
    this.#options = options;
  }

  get state(): Processes["state"] {
    return this.#processes.state;
  }

  get current(): EngineSession | null {
    return "current" in this.#processes ? this.#processes.current : null;
  }

  get next(): EngineSession | null {
    return "next" in this.#processes ? this.#processes.next : null;
  }

  get all(): EngineSession[] {
    const last = this.#processes.state === "handover" ? this.#processes.last : null;
    return [this.current, this.next, last].filter((session) => session !== null);
  }

  /** The process that new work goes to; null while there is none for it. */
  get taking(): EngineSession | null {
    return this.state !== "draining" && this.current?.isAvailable ? this.current : null;
  }

  /** The process that may be replaced; null where there is none, or its replacement cannot be hurried any more. */
  get replaceable(): EngineSession | null {
    return this.state === "single" || this.state === "warming" ? this.taking : null;
  }

  get mayStartSuccessor(): boolean {
    return this.#options.now() >= this.#noSuccessorUntil;
  }

  startIfOff(): void {
    if (this.state === "off") this.#processes = { state: "single", current: this.#options.start() };
  }

  replaceBeside(reason: RecycleReason): void {
    if (this.#processes.state !== "single") return;
    const { current } = this.#processes;
    this.#processes = { state: "warming", current, next: this.#options.start(), reason };
  }

  drain(reason: RecycleReason): void {
    const current = this.replaceable;
    if (!current) return;
    // One that is warm holds the memory of its threads, which may be what the pages under way need.
    this.next?.dismiss();
    this.#processes = { state: "draining", current, next: null, reason };
  }

  startNextMeanwhile(): void {
    if (this.#processes.state !== "draining" || this.#processes.next) return;
    this.#processes = { ...this.#processes, next: this.#options.start() };
  }

  /** The successor is as far as it gets without work. */
  takeOver(session: EngineSession): void {
    if (this.#processes.state !== "warming" || this.#processes.next !== session) return;
    const { current: last, reason } = this.#processes;
    this.#processes = { state: "handover", current: session, last, reason };
  }

  /** Ends the process that is to be replaced, once nobody waits for anything that it has. */
  retireIdle(): void {
    const processes = this.#processes;
    if (processes.state !== "handover" && processes.state !== "draining") return;
    const old = processes.state === "handover" ? processes.last : processes.current;
    if (old.isWanted) return;
    this.#processes = single(processes.state === "handover" ? processes.current : processes.next);
    old.dismiss();
    this.#options.onRecycled(processes.reason, old.pagesRead);
  }

  /** A process has died. */
  remove(session: EngineSession): void {
    const processes = this.#processes;
    if (session === this.next) this.#loseNext();
    else if (processes.state === "handover" && session === processes.current)
      this.#processes = { state: "draining", current: processes.last, next: null, reason: processes.reason };
    else if (processes.state === "handover") this.#processes = single(processes.current);
    else if (session === this.current) this.#processes = single(this.next);
  }

  /**
   * Gives up a successor that does not come up within this time. One that only waits for the drain is kept.
   *
   * @returns whether it was given up
   */
  giveUpHungNext(withinMs: number): boolean {
    const { next } = this;
    if (!next || next.ageMs <= withinMs || (this.state === "draining" && next.ready)) return false;
    next.dismiss();
    this.#loseNext();
    return true;
  }

  #loseNext(): void {
    this.#noSuccessorUntil = this.#options.now() + retrySuccessorAfterMs;
    this.#dropNext();
  }

  #dropNext(): void {
    if (this.#processes.state === "warming") this.#processes = single(this.#processes.current);
    if (this.#processes.state === "draining") this.#processes = { ...this.#processes, next: null };
  }

  /** Kills those that have work, and lets go of a successor. */
  kill(killing: Killing): void {
    this.next?.dismiss();
    this.#dropNext();
    for (const session of this.all) session.kill(killing);
  }

  close(): void {
    for (const session of this.all) session.dismiss();
    this.#processes = { state: "closed" };
  }
}

function single(current: EngineSession | null): Processes {
  return current ? { state: "single", current } : { state: "off" };
}
