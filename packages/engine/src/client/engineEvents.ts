import type { CollectReason } from "../protocol.ts";
import type { KillReason } from "./blame.ts";
import type { EngineDeath } from "./enginePorts.ts";

/**
 * Why the engine is replaced between two pages: `no_room`: the next page does not fit beside what it has become;
 * `elevated`, `high`: the memory is at that level.
 */
export type RecycleReason = "max_pages" | "max_rss" | "no_room" | "elevated" | "high";

/** What reads pages; `reason`: why it is Tesseract. */
export interface ReaderStatus {
  readonly engine: "pp-ocr" | "tesseract";
  readonly reason: string | null;
}

/** What the engine reports to whoever keeps a log. */
export type EngineEvent =
  | { readonly type: "started"; readonly pid: number | undefined; readonly threads: number }
  | { readonly type: "recycled"; readonly reason: RecycleReason; readonly pagesRead: number }
  | { readonly type: "died"; readonly death: EngineDeath | KillReason; readonly pagesUnderWay: number }
  /** What reads pages is known, or has changed. */
  | { readonly type: "reader"; readonly status: ReaderStatus }
  /** It died again and again before it was ready. */
  | { readonly type: "unavailable" }
  | {
      readonly type: "collected";
      readonly why: CollectReason;
      readonly beforeBytes: number;
      readonly afterBytes: number;
      readonly pagesRead: number;
    };
