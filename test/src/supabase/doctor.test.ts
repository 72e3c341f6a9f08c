import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Database } from "@quire/store";
import { freePort, startMigratedCluster } from "@quire/store/testing";
import { runQuire } from "../quire.ts";
import { StorageService } from "./storage/storageService.ts";
import { type Service, startSupabase } from "./supabase.ts";

/** Of Auth, the keys that it publishes. */
class PublishedKeys implements Service {
  readonly path = "/auth/v1";
  keys: unknown[] = [{ kty: "EC", kid: "1" }];

  async answer(_request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: this.keys }));
  }

  async close(): Promise<void> {}
}

const cluster = await startMigratedCluster();
const project = await startSupabase({
  databaseUrl: await cluster.createDatabase(),
  services: async (made) => ({ storage: new StorageService(made), auth: new PublishedKeys() }),
});
const database = new Database(project.databaseUrl, { poolSize: 1 });
const folder = mkdtempSync(join(tmpdir(), "quire-doctor-test-"));
after(async () => {
  await database.close();
  await project.close();
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

const env = {
  DATABASE_URL: project.databaseUrl,
  SUPABASE_URL: project.url,
  SUPABASE_ANON_KEY: project.anonKey,
  SUPABASE_SERVICE_ROLE_KEY: project.serviceRoleKey,
  OPERATIONS_TOKEN: "operations-token-of-the-doctor",
  QUIRE_HOME: folder,
  FILE_STORE_DIR: "",
};
const secrets = [
  project.serviceRoleKey,
  env.OPERATIONS_TOKEN,
  decodeURIComponent(new URL(project.databaseUrl).password),
];

/** Runs it. @returns its exit code, each check's verdict, and all that it wrote */
async function examine(more: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runQuire(["doctor", "--json"], { ...env, ...more });
  const { checks } = JSON.parse(stdout) as { checks: { name: string; verdict: string; message: string }[] };
  for (const secret of secrets) assert.ok(!(stdout + stderr).includes(secret), "a secret is told");
  return { code, verdicts: Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict])), stdout };
}

test("an installation at Supabase that has all it needs", async () => {
  assert.equal((await runQuire(["migrate"], env)).code, 0);
  const { code, verdicts, stdout } = await examine();
  const { memory: _, "temporary folder": __, ...others } = verdicts;
  assert.deepEqual(
    others,
    {
      Node: "ok",
      models: "ok",
      permissions: "skipped",
      engine: "ok",
      database: "ok",
      connection: "ok",
      clock: "ok",
      migrations: "ok",
      "access rules": "ok",
      files: "ok",
      bucket: "ok",
      "sign-in": "ok",
      exposure: "ok",
    },
    stdout,
  );
  assert.equal(code, 0);
  assert.deepEqual(
    await database.query("select from storage.objects where name like '%doctor%'"),
    [],
    "nothing is left of it",
  );
});

test("a bucket that is public, and a project whose tokens nobody can verify", async () => {
  await database.query("update storage.buckets set public = true");
  project.services.auth.keys = [];
  const { code, verdicts, stdout } = await examine();
  assert.deepEqual([verdicts.bucket, verdicts["sign-in"]], ["failure", "failure"]);
  assert.match(stdout, /Make it private/);
  assert.match(stdout, /SUPABASE_JWT_SECRET/);
  assert.equal(code, 1);
  await database.query("update storage.buckets set public = false, file_size_limit = 10000");
});

test("nothing that is asked answers, and it says so without a secret", async () => {
  const url = new URL(project.databaseUrl);
  url.port = `${await freePort()}`;
  const { code, verdicts, stdout } = await examine({
    DATABASE_URL: url.href,
    SUPABASE_URL: `http://127.0.0.1:${await freePort()}`,
  });
  assert.deepEqual(
    [verdicts.database, verdicts.files, verdicts["sign-in"], verdicts.engine],
    ["failure", "skipped", "failure", "ok"],
  );
  assert.match(stdout, /database_unavailable/);
  assert.equal(code, 1);
});

test("a smaller bucket than MAX_FILE_MB is a warning, which fails nothing", async () => {
  project.services.auth.keys = [{}];
  const { code, verdicts } = await examine();
  assert.deepEqual([verdicts.bucket, verdicts.files, code], ["warning", "ok", 0]);
});
