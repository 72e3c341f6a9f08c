import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import type { SettingsAnswer } from "../api/shapes.ts";
import { Served } from "../testing/served.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

test("what may be sent is told before anything is", async (t) => {
  const served = await Served.start(t, cluster, { env: { MAX_FILE_MB: "1.5", MAX_PAGES: "7" } });
  const settings = (await (await served.ask("/api/settings")).json()) as SettingsAnswer;
  assert.deepEqual([settings.maxFileBytes, settings.maxPages], [1_500_000, 7]);
  assert.match(settings.version, /^\d+\.\d+\.\d+/);
  for (const extension of ["pdf", "tif", "tiff", "jpg", "jpeg", "png", "webp", "bmp", "gif"])
    assert.ok(settings.extensions.includes(extension), extension);
  assert.ok(settings.languages.includes("eng"));
  assert.equal(settings.signIn, null);
});

test("where people sign in is told to everybody, and no secret with it", async (t) => {
  const secrets = { SUPABASE_JWT_SECRET: "x".repeat(40), SUPABASE_SERVICE_ROLE_KEY: "service-role-key" };
  const env = { SUPABASE_URL: "https://ref.supabase.co/", SUPABASE_ANON_KEY: "anon-key", ...secrets };
  for (const [fileStoreDir, uploads] of [
    ["", "supabase"],
    ["/somewhere", "api"],
  ] as const) {
    const served = await Served.start(t, cluster, { env: { ...env, FILE_STORE_DIR: fileStoreDir } });
    const text = await (await served.ask("/api/settings")).text();
    const { signIn } = JSON.parse(text) as SettingsAnswer;
    const url = "https://ref.supabase.co";
    assert.deepEqual(signIn, { url, anonKey: "anon-key", bucket: "documents", uploads });
    for (const secret of Object.values(secrets)) assert.ok(!text.includes(secret));
  }
});
