import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "@quire/core";
import { DiskFileStore } from "./diskFileStore.ts";
import { areFilesAtSupabase, openFileStore } from "./openFileStore.ts";
import { SupabaseFileStore } from "./supabase/supabaseFileStore.ts";

const project = { SUPABASE_URL: "https://example.supabase.co/", SUPABASE_SERVICE_ROLE_KEY: "key" };

test("files are at Supabase where its address and secret key are set, unless a folder is named", async () => {
  const cases: [Record<string, string>, boolean][] = [
    [{}, false],
    [{ SUPABASE_URL: project.SUPABASE_URL }, false],
    [{ ...project, SUPABASE_SERVICE_ROLE_KEY: "" }, false],
    [{ SUPABASE_SERVICE_ROLE_KEY: "key" }, false],
    [{ ...project, FILE_STORE_DIR: "/tmp/files" }, false],
    [project, true],
  ];
  for (const [env, expected] of cases) {
    const config = loadConfig({ QUIRE_HOME: "/tmp/none", ...env });
    assert.equal(areFilesAtSupabase(config), expected, JSON.stringify(env));
    const store = await openFileStore(config, "installation");
    assert.ok(store instanceof (expected ? SupabaseFileStore : DiskFileStore));
  }
});
