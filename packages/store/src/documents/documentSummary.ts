import type { DocumentOptions, DocumentStatus, ErrorCode, Lane } from "@quire/core";

/** How a document is to be read, as it is stored; without a quality: as OCR_QUALITY says where it is read. */
export type StoredOptions = Omit<DocumentOptions, "quality"> & Partial<Pick<DocumentOptions, "quality">>;

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
  readonly options: StoredOptions;
  /**
   * How many numbers on the pages that can be seen a person should check; null: not known, for an older reader read some
   * of them.
   */
  readonly uncertainNumbers: number | null;
  /** The pages they are on: the first 200. */
  readonly uncertainPages: readonly number[];
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

/** The pages `p` of a document `d` that count: as the index `pages_to_check` has them. */
const pagesToCheck = `
  from public.pages p where p.document_id = d.id and p.run = d.visible_run
    and (p.uncertain_numbers > 0 or (p.uncertain_numbers is null and p.outcome = 'recognized'))`;

/** What a {@link DocumentSummary} is made of, of the document `d`. */
export const summaryColumns = `
  d.id, d.filename, d.status, d.lane, d.content_type as "contentType",
  d.size_bytes::float8 as "sizeBytes", d.page_count as "pageCount",
  d.pages_done as "pagesDone", d.pages_failed as "pagesFailed", d.options, d.failures, d.stalls,
  (
    select case when count(*) = count(p.uncertain_numbers) then coalesce(sum(p.uncertain_numbers), 0)::int end
    ${pagesToCheck}
  ) as "uncertainNumbers",
  coalesce((
    select (array_agg(p.page_number order by p.page_number) filter (where p.uncertain_numbers > 0))[1:200]
    ${pagesToCheck}
  ), '{}') as "uncertainPages",
  d.error_code as "errorCode", d.error_message as "errorMessage",
  d.current_run <> d.visible_run and d.status in ('queued', 'processing') as "isBeingReadAnew",
  to_json(d.created_at)#>>'{}' as "createdAt", to_json(d.started_at)#>>'{}' as "startedAt",
  to_json(d.finished_at)#>>'{}' as "finishedAt",
  to_json(d.original_erased_at)#>>'{}' as "originalErasedAt", d.revision`;
