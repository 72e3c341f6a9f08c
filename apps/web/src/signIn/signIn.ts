import type { Config } from "@quire/core";

/** Where people sign in, and what the pages have to know of it. */
export interface SignIn {
  /** Of the Supabase project, without a slash at its end. */
  readonly url: string;
  readonly anonKey: string;
  readonly jwtSecret: string | null;
  readonly bucket: string;
  /** Where the pages send files: to Supabase's bucket themselves, where that is the file store, or to the API. */
  readonly uploads: "supabase" | "api";
}

/** Null: nobody signs in, and all documents are one local owner's. */
export function signInOf({
  supabase,
  fileStoreDir,
}: Pick<Config, "supabase" | "fileStoreDir">): SignIn | null {
  if (supabase?.anonKey == null) return null;
  const { url, anonKey, jwtSecret, bucket, serviceRoleKey } = supabase;
  const isInBucket = serviceRoleKey !== null && fileStoreDir === null;
  return { url, anonKey, jwtSecret, bucket, uploads: isInBucket ? "supabase" : "api" };
}
