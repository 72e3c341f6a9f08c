import type { ErrorCode } from "@quire/core";
import type { EngineRequest } from "../protocol.ts";
import type { PageStage, Timed } from "./pageClock.ts";

/** What is known of a task right before the engine gets it: whether it is to have nothing else to do. */
export interface TaskStart {
  readonly alone: boolean;
}

/** What the engine can be asked to do, and die of: open a document, or read a page. */
export abstract class EngineTask implements Timed {
  /** Unique among all tasks under way. */
  readonly key: string;
  stage: PageStage = "sent";
  elapsedMs = 0;
  /** Under way when an engine died: it is done again alone, before anything else. */
  suspect = false;
  /** It is to be done alone by an engine that has done nothing yet. */
  needsFreshEngine = false;
  /** Deaths of an engine that had nothing but this to do, by their weight. */
  crashCount = 0;
  /** How often the memory was at its limit, or past it, while the engine had this. */
  memoryPressures = 0;
  /** How often an engine was killed for memory that others held, while it had this. */
  externalMemoryKills = 0;
  /** It has driven the memory to its limit alone too: next time it is done at a lower resolution. */
  reduced = false;

  constructor(key: string) {
    this.key = key;
  }

  abstract readonly kind: "opening" | "page";
  abstract readonly request: EngineRequest;
  /** False once nobody waits for it any more. */
  abstract readonly wanted: boolean;
  /** Notifies whoever asked for it that the engine is about to get it, each time. Rejects if it must not. */
  abstract readonly begin: ((start: TaskStart) => Promise<void>) | undefined;

  /**
   * Ends it with the result it has but for what can be done without, such as a preview.
   *
   * @returns whether there is such a result
   */
  settle(): boolean {
    return false;
  }

  /** Ends it: it is the task's own fault. */
  abstract fail(code: ErrorCode, message: string): void;
  /** Ends it: it was never begun, or nobody can do it. */
  abstract abandon(error: Error): void;
}

/** The key of a page's task; of the document's opening without one. */
export function taskKey(document: number, pageNumber: number | null): string {
  return pageNumber === null ? `${document}` : `${document}:${pageNumber}`;
}
