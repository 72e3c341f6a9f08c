import { join } from "node:path";
import type { Config } from "@quire/core";
import { quireHome } from "../quireHome.ts";
import { DiskFileStore } from "./diskFileStore.ts";
import type { InstallationFiles } from "./installationFiles.ts";

/** Whether the files are at Supabase: a folder that is named comes first. */
export function areFilesAtSupabase({ supabase, fileStoreDir }: Config): boolean {
  return fileStoreDir === null && typeof supabase?.serviceRoleKey === "string";
}

/** The folder in which the files lie, where they are on this machine. */
export function filesFolder(config: Config): string {
  return config.fileStoreDir ?? join(quireHome(config.quireHome), "files");
}

/**
 * The file store that the configuration names: Supabase's where SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY are set and
 * FILE_STORE_DIR is not, else a folder.
 *
 * @param installationId whose files these are ({@link Documents.installationId})
 */
export async function openFileStore(config: Config, installationId: string): Promise<InstallationFiles> {
  const { supabase } = config;
  if (!areFilesAtSupabase(config) || !supabase?.serviceRoleKey)
    return new DiskFileStore(filesFolder(config), installationId);
  // Only where it is used: the client and fetch take 8 MB.
  const { SupabaseFileStore } = await import("./supabase/supabaseFileStore.ts");
  const { url, serviceRoleKey, bucket } = supabase;
  return new SupabaseFileStore({ url, serviceRoleKey, bucket }, { installationId });
}
