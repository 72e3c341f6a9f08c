import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { startMigratedCluster } from "@quire/store/testing";
import { fromTop, startQuire, untilGone } from "../quire.ts";
import { AuthStandIn } from "./auth.ts";
import { RestService } from "./rest/restService.ts";
import { StorageService } from "./storage/storageService.ts";
import { startSupabase } from "./supabase.ts";

const ada = { email: "ada@clinic.example", password: "of-the-first-floor" };
const ben = { email: "ben@clinic.example", password: "of-the-second-floor" };

const cluster = await startMigratedCluster();
const databaseUrl = await cluster.createDatabase();
let auth: AuthStandIn | null = null;
const supabase = await startSupabase({
  databaseUrl,
  verify: async (token) => (await auth?.claimsOf(token)) ?? null,
  services: async (project) => {
    auth = await AuthStandIn.open(project);
    for (const { email, password } of [ada, ben]) auth.accounts.add(email, password);
    return { auth, rest: new RestService(project), storage: new StorageService(project) };
  },
});
const folder = mkdtempSync(join(tmpdir(), "quire-integrate-"));
const worker = startQuire(["worker"], {
  DATABASE_URL: databaseUrl,
  SUPABASE_URL: supabase.url,
  SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
  QUIRE_HOME: folder,
  TEMP_DIR: folder,
  PORT: "0",
  OCR_THREADS: "1",
  LOG_LEVEL: "warn",
});
worker.stdout?.resume();
worker.stderr?.resume();
after(async () => {
  worker.kill("SIGTERM");
  await gone(worker);
  await supabase.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  await untilGone(child);
}

/** Asks the project as an application would, in somebody's name. */
async function ask(path: string, token: string, body?: object): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${supabase.url}${path}`, {
    method: body ? "POST" : "GET",
    headers: {
      apikey: supabase.anonKey,
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const content = await response.text();
  return { status: response.status, answer: content === "" ? null : JSON.parse(content) };
}

async function tokenOf(person: typeof ada): Promise<string> {
  const { answer } = await ask("/auth/v1/token?grant_type=password", supabase.anonKey, person);
  return (answer as { access_token: string }).access_token;
}

async function runExample(sample: string) {
  const child = spawn(process.execPath, [fromTop("examples/read-document.mjs"), fromTop(sample)], {
    env: {
      PATH: process.env.PATH,
      SUPABASE_URL: supabase.url,
      SUPABASE_ANON_KEY: supabase.anonKey,
      EMAIL: ada.email,
      PASSWORD: ada.password,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: code as number | null, stdout, stderr };
}

test("an application that knows only supabase-js has a document read, and nobody else sees it", async () => {
  const { code, stdout, stderr } = await runExample("samples/letter.pdf");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^--- page 1\n\S/);
  const [, id = ""] = /^(\S{36}): completed$/m.exec(stderr) ?? assert.fail(stderr);

  const own = await ask(`/rest/v1/documents?select=id,status&id=eq.${id}`, await tokenOf(ada));
  assert.deepEqual(own, { status: 200, answer: [{ id, status: "completed" }] });
  const token = await tokenOf(ben);
  for (const [table, column] of [
    ["documents", "id"],
    ["pages", "document_id"],
    ["page_contents", "document_id"],
  ])
    assert.deepEqual((await ask(`/rest/v1/${table}?select=${column}`, token)).answer, [], table);
  const nobody = await ask("/rest/v1/documents?select=id", "no token");
  assert.equal(nobody.status, 401);
});

test("what Quire cannot read is said where the application looks for it", async () => {
  const { code, stdout, stderr } = await runExample("README.md");
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /: failed, unsupported_format: /);
});

test("nobody makes a document of another's file, or says of their own what only the service knows", async () => {
  const token = await tokenOf(ben);
  const row = { filename: "a.pdf", size_bytes: 10 };
  const { sub } = JSON.parse(
    Buffer.from((await tokenOf(ada)).split(".")[1] as string, "base64url").toString(),
  );
  const others = await ask("/rest/v1/documents", token, { ...row, storage_key: `${sub}/a/original` });
  assert.equal(others.status, 403);
  const { sub: own } = JSON.parse(Buffer.from(token.split(".")[1] as string, "base64url").toString());
  const storage_key = `${own}/a/original`;
  const priority = await ask("/rest/v1/documents", token, { ...row, storage_key, priority: 20 });
  assert.equal(priority.status, 403);
  assert.equal((await ask("/rest/v1/documents", token, { ...row, storage_key })).status, 201);
});
