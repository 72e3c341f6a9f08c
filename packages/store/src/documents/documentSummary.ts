import type { DocumentOptions, DocumentStatus, ErrorCode, Lane } from "@quire/core";

/** A document as people see it. Times are ISO 8601; counts are of the current run. */
export interface DocumentSummary {
  readonly id: string;
  readonly filename: string;
  readonly status: DocumentStatus;
  readonly lane: Lane;
  /** Null until the document has been opened. */
  readonly contentType: string | null;
  readonly sizeBytes: number;
  readonly pageCount: number | null;
  readonly pagesDone: number;
  readonly pagesFailed: number;
  readonly options: DocumentOptions;
  readonly failures: number;
  readonly stalls: number;
  readonly errorCode: ErrorCode | null;
  readonly errorMessage: string | null;
  /** Whether the pages to be seen are those of an earlier run, until the current one is complete. */
  readonly isBeingReadAnew: boolean;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** When its file was erased, and what was read of it kept; null: it is there. */
  readonly originalErasedAt: string | null;
  /** Rises with every change. */
  readonly revision: number;
}

/** What a {@link DocumentSummary} is made of, of the document `d`. */
export const summaryColumns = `
  d.id, d.filename, d.status, d.lane, d.content_type as "contentType",
  d.size_bytes::float8 as "sizeBytes", d.page_count as "pageCount",
  d.pages_done as "pagesDone", d.pages_failed as "pagesFailed", d.options, d.failures, d.stalls,
  d.error_code as "errorCode", d.error_message as "errorMessage",
  d.current_run <> d.visible_run and d.status in ('queued', 'processing') as "isBeingReadAnew",
  to_json(d.created_at)#>>'{}' as "createdAt", to_json(d.started_at)#>>'{}' as "startedAt",
  to_json(d.finished_at)#>>'{}' as "finishedAt",
  to_json(d.original_erased_at)#>>'{}' as "originalErasedAt", d.revision`;
