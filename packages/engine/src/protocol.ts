import {
  type Config,
  type CorrectionMode,
  DocumentFactsSchema,
  type ErrorCode,
  isErrorCode,
  type PageResult,
  PageResultSchema,
  type Quality,
  type TextLayerMode,
} from "@quire/core";
import type { ReaderModels } from "@quire/models";
import * as v from "valibot";

/** How a document is to be read. */
export interface ReadOptions {
  /** Languages by the names of Tesseract's models; or `auto` alone: whatever the document is in. */
  readonly languages: readonly string[];
  readonly textLayer: TextLayerMode;
  readonly rotate: CorrectionMode;
  readonly quality: Quality;
  readonly password?: string | undefined;
  /** Whether a picture of each page is made, which takes time and memory. */
  readonly preview: boolean;
}

/**
 * A page that was read. `preview`: WebP of the page upright, in grey, in the proportions of the page's box space; null
 * where none was asked for, or none could be made.
 */
export interface ReadPage {
  readonly page: PageResult;
  readonly preview: Uint8Array | null;
}

/** More than noise takes at the size and quality of a preview; a page has 10 to 130 KB. */
export const maxPreviewBytes = 1024 * 1024;

/** Where a document lies and how it is to be read: sent with every request, so that a new engine can go on. */
export interface DocumentSource {
  readonly path: string;
  readonly sizeBytes: number;
  readonly options: ReadOptions;
}

/** What the engine needs of the configuration; it reads no environment of its own. */
export interface EngineSettings
  extends Pick<
    Config,
    "limits" | "gcEveryPages" | "ocrThreadMaxPages" | "ocrThreadMaxBytes" | "memoryLimitBytes" | "tessdataDir"
  > {
  readonly threads: number;
  /** PP-OCR's models; null: Tesseract reads everything. */
  readonly models: ReaderModels | null;
  /** Bound of the engine's JavaScript heap, in MiB, from the memory budget. */
  readonly maxHeapMegabytes: number;
  /** The most pixels a page's raster may have, from the memory budget. */
  readonly maxRasterPixels: number;
}

/**
 * How a page is to be read. `usual`: beside others, and not at all while it does not fit into what is free. `alone`:
 * the engine is fresh and has nothing else to do, so that a page that does not fit now never will: it is read smaller,
 * or failed. `reduced`: the same, and smaller in any case, for it has driven the memory to its limit already.
 */
export type PageCare = "usual" | "alone" | "reduced";

/** What the client asks of the engine. */
export type EngineRequest =
  /** `installed`: names of models. The engine may not look for them: it reads no folder above its own. */
  | { readonly type: "configure"; readonly settings: EngineSettings; readonly installed: readonly string[] }
  | { readonly type: "open"; readonly document: number; readonly source: DocumentSource }
  | {
      readonly type: "read";
      readonly document: number;
      readonly source: DocumentSource;
      readonly pageNumber: number;
      readonly care: PageCare;
    }
  /** Start the OCR threads: this document's pages are about to come. */
  | { readonly type: "warm"; readonly document: number; readonly source: DocumentSource }
  /** The answer to `memory`, in bytes. */
  | { readonly type: "memory"; readonly usedBytes: number; readonly limitBytes: number }
  | { readonly type: "collect" }
  | { readonly type: "close"; readonly document: number };

const document = v.pipe(v.number(), v.integer(), v.minValue(0));
const pageNumber = v.pipe(v.number(), v.integer(), v.minValue(1));
const error = v.object({
  code: v.custom<ErrorCode>(isErrorCode),
  message: v.pipe(v.string(), v.maxLength(2_000)),
});

/** After so many pages, after a document, or because the client asked for it. */
const collectReasons = ["pages", "document", "request"] as const;
export type CollectReason = (typeof collectReasons)[number];

const preview = v.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.byteLength <= maxPreviewBytes && isWebp(value),
);

/** `RIFF`, the size, `WEBP` (RFC 9649, section 2.4). */
function isWebp(file: Uint8Array): boolean {
  return latin1(file.subarray(0, 4)) === "RIFF" && latin1(file.subarray(8, 12)) === "WEBP";
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

const bytes = v.pipe(v.number(), v.integer(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const maxThreads = 64;

/** What the engine says of its own memory, in bytes: of its process, its main thread's heap and its OCR threads. */
export const EngineFiguresSchema = v.object({
  rss: bytes,
  heap: v.object({
    heapUsed: bytes,
    heapTotal: bytes,
    heapLimit: bytes,
    external: bytes,
    arrayBuffers: bytes,
  }),
  /** WebAssembly memory of Tesseract in each OCR thread, and the pages that the thread has read. */
  threads: v.pipe(v.array(v.object({ wasm: bytes, pages: count })), v.maxLength(maxThreads)),
  pagesBegun: count,
  pagesRead: count,
});
export type EngineFigures = v.InferOutput<typeof EngineFiguresSchema>;

/** What the engine tells the client. The engine handles strangers' files: everything it says is checked. */
export const EngineMessageSchema = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({ type: v.literal("warmed") }),
  v.object({ type: v.literal("opened"), document, facts: DocumentFactsSchema }),
  v.object({ type: v.literal("refused"), document, error }),
  /** What a page under way, or the opening of a document (null), is doing now; its time runs except while it waits. */
  v.object({
    type: v.literal("stage"),
    document,
    pageNumber: v.nullable(pageNumber),
    stage: v.picklist(["rendering", "waiting", "recognising"]),
  }),
  /** What reads pages: said once it is configured, and again where that turns out otherwise. `reason`: why not PP-OCR. */
  v.object({
    type: v.literal("reader"),
    engine: v.picklist(["pp-ocr", "tesseract"]),
    reason: v.nullable(v.pipe(v.string(), v.maxLength(500))),
  }),
  /** A page's own text, before its picture is drawn: whatever becomes of the picture, this is the result. */
  v.object({ type: v.literal("text"), document, result: PageResultSchema }),
  v.object({ type: v.literal("page"), document, result: PageResultSchema, preview: v.nullable(preview) }),
  /** How full is the memory that client and engines share? */
  v.object({ type: v.literal("memory") }),
  /** The page was not begun, for it does not fit into what is free. */
  v.object({ type: v.literal("unfit"), document, pageNumber }),
  /** Before every page's result: whoever then decides about the next page knows how this one left the engine. */
  v.object({ type: v.literal("figures"), figures: EngineFiguresSchema }),
  v.object({
    type: v.literal("collected"),
    why: v.picklist(collectReasons),
    beforeBytes: v.number(),
    afterBytes: v.number(),
    pagesRead: v.number(),
  }),
]);
export type EngineMessage = v.InferOutput<typeof EngineMessageSchema>;
