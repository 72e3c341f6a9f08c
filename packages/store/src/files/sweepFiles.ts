import type { Database } from "../database.ts";
import type { InstallationFiles } from "./installationFiles.ts";

/** A live upload is never silent that long, and a file is stored right before its document is added. */
const leftAfterMs = 24 * 60 * 60 * 1000;
const keysAtATime = 500;

/**
 * Removes what the store holds for nobody: halves of uploads, files whose document was never added or is gone, and
 * previews that no page has: those of a run that another has taken the place of, and of claims that were lost; and
 * outputs that are not kept.
 *
 * @returns how many files
 * @throws QuireError `storage_unavailable` if the store is another installation's
 */
export async function sweepFiles(files: InstallationFiles, database: Database): Promise<number> {
  await files.assertOurs();
  let removed = await files.removeStaleUploads(leftAfterMs);
  let keys: string[] = [];
  const sweep = async () => {
    const orphans = await database.query<{ key: string }>(
      // A document's files lie below its id, its previews as `previewKey` says: `owner/document/run-1/claim-1/page-1.webp`,
      // its outputs beside them: `output.pdf`.
      `select key from unnest($1::text[]) key cross join lateral (
         select
           (regexp_match(key, '^[^/]+/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/'))[1]::uuid as document_id,
           regexp_match(key, '/run-(\\d{1,9})/claim-(\\d{1,9})/page-(\\d{1,9})\\.webp$')::int[] as preview,
           key ~ '/run-\\d{1,9}/claim-\\d{1,9}/output\\.[a-z]{1,16}$' as is_output
       ) of
       where not exists (select from public.documents d where d.storage_key = key) and case
         when of.is_output then not exists (select from public.outputs o where o.storage_key = key)
         when of.preview is null then not exists (select from public.documents d where d.id = of.document_id)
         else not exists (
           select from public.pages p where p.document_id = of.document_id and p.preview_bytes is not null
             and (p.run, p.claim, p.page_number) = (of.preview[1], of.preview[2], of.preview[3])
         )
       end`,
      [keys],
    );
    await files.deleteAll(orphans.map(({ key }) => key));
    removed += orphans.length;
    keys = [];
  };
  for await (const key of files.keysOlderThan(leftAfterMs)) {
    keys.push(key);
    if (keys.length === keysAtATime) await sweep();
  }
  await sweep();
  return removed;
}
