import type { Database } from "../database.ts";

/**
 * Makes a bucket of this name in the database of a Supabase project, or sets the size of its files; from now on the
 * policies of documents' files hold for it.
 *
 * @throws QuireError `invalid_configuration` if it is there and public
 */
export async function useBucket(database: Database, bucket: string, maxFileBytes: number): Promise<void> {
  await database.query("select quire.use_bucket($1, $2)", [bucket, maxFileBytes]);
}
