import { areFilesAtSupabase } from "@quire/store";
import { type Check, failure, ok, skipped, warning } from "../check.ts";

interface Bucket {
  readonly public: boolean;
  /** In bytes; null: only the project's limit holds. */
  readonly limit: string | null;
}

/** The bucket as the project's database has it. That it can be used, the check of the files tells. */
export const bucket: Check = {
  name: "bucket",
  withinSeconds: 20,
  after: "migrations",
  async run(context) {
    const { supabase, limits } = context.config;
    if (!areFilesAtSupabase(context.config) || !supabase) return skipped("The files are not at Supabase.");
    const [found] = await (await context.database()).query<Bucket>(
      "select public, file_size_limit::text as limit from storage.buckets where id = $1",
      [supabase.bucket],
    );
    if (!found) {
      return failure(
        "It is not in this database.",
        "Run: quire migrate. If it is there already, SUPABASE_URL and DATABASE_URL are of two projects.",
      );
    }
    if (found.public)
      return failure("It is public: whoever knows an address reads the document.", "Make it private, now.");
    if (found.limit !== null && Number(found.limit) < limits.maxFileBytes)
      return warning("It takes smaller files only than MAX_FILE_MB.", "Run: quire migrate");
    return ok("Private, and takes files of MAX_FILE_MB.");
  },
};
