import type { Statements } from "../database.ts";
import { assertDocumentId } from "../documents/documentId.ts";
import type { StoredFile } from "../files/fileStore.ts";

/** What an output of a document in one format is to be made of, and whether it is there. */
export interface OutputStanding<Format extends string = string> {
  readonly ownerId: string;
  readonly documentId: string;
  readonly format: Format;
  /** The one that can be seen. */
  readonly run: number;
  /** The highest of its pages; null where it has none. */
  readonly claim: number | null;
  readonly pages: number;
  readonly pagesFailed: number;
  /** Whether nothing of that run changes any more: only another run takes its place. */
  readonly isSettled: boolean;
  readonly original: OriginalOf;
  /** Null: it has not been made yet. */
  readonly kept: StoredFile | null;
}

/** The file that was uploaded. */
export interface OriginalOf {
  readonly key: string;
  readonly sizeBytes: number;
  /** Null until the document has been opened. */
  readonly sha256: string | null;
  readonly isErased: boolean;
}

interface StandingRow<Format extends string> extends Omit<OutputStanding<Format>, "kept" | "original"> {
  readonly key: string;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly isErased: boolean;
  readonly keptBytes: number | null;
  readonly keptSha256: string | null;
}

/**
 * How it stands with one output of a document.
 *
 * @param ownerId whose document it must be; null: anybody's
 * @returns null if there is no such document
 */
export async function outputStanding<Format extends string>(
  database: Statements,
  ownerId: string | null,
  id: string,
  format: Format,
): Promise<OutputStanding<Format> | null> {
  const [row] = await database.query<StandingRow<Format>>(
    // Spelled out, as `quire.is_settled` has it: signed-in users do not see all that it looks at.
    `select d.id as "documentId", d.owner_id as "ownerId", $3::text as format, d.visible_run as run, p.*,
       d.status not in ('uploaded', 'queued', 'processing') or d.current_run <> d.visible_run as "isSettled",
       d.storage_key as key, d.size_bytes::float8 as "sizeBytes", d.sha256,
       d.original_erased_at is not null as "isErased", o.size_bytes::float8 as "keptBytes", o.sha256 as "keptSha256"
     from public.documents d cross join lateral (
       select max(p.claim) as claim, count(*)::int as pages,
         (count(*) filter (where p.outcome = 'failed'))::int as "pagesFailed"
       from public.pages p where p.document_id = d.id and p.run = d.visible_run
     ) p
     left join public.outputs o on o.document_id = d.id
       and (o.run, o.claim, o.format) = (d.visible_run, p.claim, $3::text)
     where d.id = $1 and ($2::uuid is null or d.owner_id = $2)`,
    [assertDocumentId(id), ownerId, format],
  );
  if (!row) return null;
  const { key, sizeBytes, sha256, isErased, keptBytes, keptSha256, ...standing } = row;
  const kept =
    keptBytes === null || keptSha256 === null ? null : { sizeBytes: keptBytes, sha256: keptSha256 };
  return { ...standing, original: { key, sizeBytes, sha256, isErased }, kept };
}
