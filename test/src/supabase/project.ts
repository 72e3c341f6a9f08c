import { randomUUID } from "node:crypto";
import { Database } from "@quire/store";
import { startMigratedCluster } from "@quire/store/testing";
import { StorageClient } from "@supabase/storage-js";
import { StorageService } from "./storage/storageService.ts";
import { startSupabase } from "./supabase.ts";

const maxFileBytes = 50_000_000;

/** The project whose Storage a test file uses. */
export interface StorageProject {
  readonly url: string;
  readonly serviceRoleKey: string;
  /** Null where it is the real service, in which no fault can be planned. */
  readonly standIn: StandIn | null;
  /** Makes a private bucket for a test. */
  makeBucket(): Promise<{ readonly name: string; remove(): Promise<void> }>;
  close(): Promise<void>;
}

export interface StandIn {
  readonly storage: StorageService;
  readonly databaseUrl: string;
  readonly anonKey: string;
  readonly jwtSecret: string;
}

/**
 * The project that SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY name, if they are set; else a stand-in of it, on a
 * Postgres of its own.
 */
export async function openStorageProject(): Promise<StorageProject> {
  const { SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey } = process.env;
  if (url && serviceRoleKey) return realProject(url.replace(/\/$/, ""), serviceRoleKey);
  const cluster = await startMigratedCluster();
  const supabase = await startSupabase({
    databaseUrl: await cluster.createDatabase(),
    services: async (project) => ({ storage: new StorageService(project) }),
  });
  const database = new Database(supabase.databaseUrl, { poolSize: 1 });
  return {
    url: supabase.url,
    serviceRoleKey: supabase.serviceRoleKey,
    standIn: { ...supabase, storage: supabase.services.storage },
    async makeBucket() {
      const name = `test-${randomUUID()}`;
      await database.query("select quire.use_bucket($1, $2)", [name, maxFileBytes]);
      // Its files go with the project.
      return { name, remove: async () => {} };
    },
    async close() {
      await database.close();
      await supabase.close();
      await cluster.stop();
    },
  };
}

function realProject(url: string, serviceRoleKey: string): StorageProject {
  const headers = { apikey: serviceRoleKey, authorization: `Bearer ${serviceRoleKey}` };
  const client = new StorageClient(`${url}/storage/v1`, headers).throwOnError();
  return {
    url,
    serviceRoleKey,
    standIn: null,
    async makeBucket() {
      const name = `test-${randomUUID()}`;
      await client.createBucket(name, { public: false, fileSizeLimit: maxFileBytes });
      const remove = async () => {
        await client.emptyBucket(name);
        await client.deleteBucket(name);
      };
      return { name, remove };
    },
    close: async () => {},
  };
}
