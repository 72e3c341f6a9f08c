/**
 * What the API answers, as schemas: the types of the server and of the pages, and the OpenAPI document, come from here.
 * Times are ISO 8601, sizes bytes, boxes pixels of the page's box space (see PageResult).
 */
import {
  correctionModes,
  documentStatuses,
  lanes,
  PageReaderSchema,
  pageOutcomes,
  pageWarnings,
  qualities,
  textLayerModes,
  WordSchema,
} from "@quire/core";
import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = v.pipe(v.string(), v.isoTimestamp());
const id = v.pipe(v.string(), v.uuid());

/** A document, and how far it has been read. Counts are of the run that is being read, or was read last. */
export const DocumentSchema = v.object({
  id,
  filename: v.string(),
  status: v.picklist(documentStatuses),
  lane: v.picklist(lanes),
  /** Found by opening it; null until then. */
  contentType: v.nullable(v.string()),
  sizeBytes: count,
  pageCount: v.nullable(count),
  pagesDone: count,
  pagesFailed: count,
  options: v.object({
    languages: v.array(v.string()),
    textLayer: v.picklist(textLayerModes),
    rotate: v.picklist(correctionModes),
    /** Null: as OCR_QUALITY says where it is read. */
    quality: v.nullable(v.picklist(qualities)),
  }),
  /**
   * How many numbers a person should check, of the pages that can be seen; null: not known, for an earlier version read
   * some of them.
   */
  uncertainNumbers: v.nullable(count),
  /** The pages they are on: the first 200. */
  uncertainPages: v.array(count),
  /** What went wrong, and what to do. */
  error: v.nullable(v.object({ code: v.string(), message: v.string() })),
  /** Documents that are read before this one while it waits (0: it is next), at most 1,000 counted; else null. */
  queuePosition: v.nullable(count),
  /** Estimate until its last page is read; null where there is nothing to estimate by. */
  secondsLeft: v.nullable(count),
  /** Whether its pages are those of an earlier reading, which stay until the new one is complete. */
  isBeingReadAnew: v.boolean(),
  createdAt: time,
  startedAt: v.nullable(time),
  finishedAt: v.nullable(time),
  /** When its file was erased, and what was read of it kept; null: it is there. */
  originalErasedAt: v.nullable(time),
  /** Rises with every change. */
  revision: count,
});
export type DocumentAnswer = v.InferOutput<typeof DocumentSchema>;

/** A page without its text. */
export const PageSchema = v.object({
  pageNumber: count,
  outcome: v.picklist(pageOutcomes),
  meanConfidence: v.nullable(v.number()),
  width: count,
  height: count,
  dpi: v.number(),
  rotation: v.picklist([0, 90, 180, 270]),
  orientation: v.picklist([0, 90, 180, 270]),
  skew: v.number(),
  languages: v.array(v.string()),
  /** What recognised it; null: nothing did, or Tesseract before readers had versions. */
  reader: v.nullable(PageReaderSchema),
  /** The model to install for the warning script_not_covered, such as rus; else null. */
  missingLanguage: v.nullable(v.string()),
  /** How many of its numbers a person should check; null: not counted, for an earlier version read it. */
  uncertainNumbers: v.nullable(count),
  durationMs: v.number(),
  warnings: v.array(v.picklist(pageWarnings)),
  error: v.nullable(v.object({ code: v.string(), message: v.string() })),
  /** Where its picture is; null if it has none. */
  previewUrl: v.nullable(v.string()),
});
export type PageAnswer = v.InferOutput<typeof PageSchema>;

export const PageWithWordsSchema = v.object({
  ...PageSchema.entries,
  text: v.string(),
  words: v.array(WordSchema),
});
export type PageWithWordsAnswer = v.InferOutput<typeof PageWithWordsSchema>;

/** `next` asks for what follows: `?after=…`; null at the end. */
const next = v.nullable(v.string());
export const DocumentListSchema = v.object({ documents: v.array(DocumentSchema), next });
export type DocumentListAnswer = v.InferOutput<typeof DocumentListSchema>;
export const PageListSchema = v.object({ pages: v.array(PageSchema), next });
export type PageListAnswer = v.InferOutput<typeof PageListSchema>;

export const SearchSchema = v.object({
  hits: v.array(
    v.object({
      documentId: id,
      filename: v.string(),
      pageNumber: count,
      /** The words around what was found, cut where `isMatch` changes. */
      snippet: v.array(v.object({ text: v.string(), isMatch: v.boolean() })),
    }),
  ),
  next,
});
export type SearchAnswer = v.InferOutput<typeof SearchSchema>;

/** `isNew` is false where the same content was there already: then `document` is that one. */
export const AddedSchema = v.object({ document: DocumentSchema, isNew: v.boolean() });
export type AddedAnswer = v.InferOutput<typeof AddedSchema>;

/** What the pages have to know of the server before anything is sent. */
export const SettingsSchema = v.object({
  version: v.string(),
  maxFileBytes: count,
  maxPages: count,
  /** File name endings, without the dot, of the formats that are read. */
  extensions: v.array(v.string()),
  /** How thoroughly documents are read that say nothing else. */
  quality: v.picklist(qualities),
  /** Languages whose models are installed. */
  languages: v.array(v.string()),
  /** The Supabase project in which people sign in, with its public key; null: nobody does. */
  signIn: v.nullable(
    v.object({
      url: v.string(),
      anonKey: v.string(),
      bucket: v.string(),
      /** Where files are to be sent: straight into the project's bucket, or to this API. */
      uploads: v.picklist(["supabase", "api"]),
    }),
  ),
});
export type SettingsAnswer = v.InferOutput<typeof SettingsSchema>;

const laneDepth = v.object({ waiting: count, oldestAgeSeconds: v.nullable(v.number()) });

export const OperationsSchema = v.object({
  workers: v.array(
    v.object({
      id: v.string(),
      /** `silent`: it has said nothing for three minutes, and not that it leaves. */
      state: v.picklist(["running", "silent", "stopped"]),
      startedAt: v.nullable(time),
      lastSeenAt: time,
      usedBytes: v.nullable(count),
      budgetBytes: v.nullable(count),
    }),
  ),
  queue: v.object({ small: laneDepth, medium: laneDepth, large: laneDepth }),
  /** Shares of the budget from which on a worker acts. */
  watermarks: v.object({ elevated: v.number(), high: v.number(), critical: v.number() }),
  events: v.array(
    v.object({
      at: time,
      workerId: v.string(),
      event: v.string(),
      reason: v.nullable(v.string()),
      figures: v.record(v.string(), v.unknown()),
    }),
  ),
  /** Documents that gave up and may yet be read, the oldest first. */
  deadLetters: v.array(DocumentSchema),
  /** Documents that an older reader read and that can be read again: at most 10,000 are counted. */
  readByOlderReader: count,
});
export type OperationsAnswer = v.InferOutput<typeof OperationsSchema>;

/** What was queued to be read again, and what remains: of that at most 10,000 are counted. */
export const ReprocessedSchema = v.object({ queued: count, remaining: count });
export type ReprocessedAnswer = v.InferOutput<typeof ReprocessedSchema>;

/** Memory of each worker over time: the highest of each interval, so that no peak is lost. */
export const MemorySchema = v.object({
  intervalSeconds: count,
  workers: v.array(
    v.object({
      id: v.string(),
      samples: v.array(v.object({ at: time, usedBytes: count, budgetBytes: count })),
    }),
  ),
});
export type MemoryAnswer = v.InferOutput<typeof MemorySchema>;

/** RFC 9457, with the code and whether the same request may succeed later. `detail` says what to do. */
export const ProblemSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: count,
  detail: v.string(),
  code: v.string(),
  retryable: v.boolean(),
});
export type ProblemAnswer = v.InferOutput<typeof ProblemSchema>;
