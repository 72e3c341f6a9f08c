import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { fromTop, runQuire } from "./quire.ts";

const token = "a-token-of-more-than-16-characters";

/** A worker's own health server, in a process of its own; resolves to where it listens. */
async function serve(context: TestContext, changed: object = {}, env: Record<string, string> = {}) {
  const script = fromTop("apps/worker/dist/health/testing/serveSampleVitals.js");
  const server: ChildProcess = spawn(process.execPath, [script, JSON.stringify(changed)], {
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1", OPERATIONS_TOKEN: "", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  context.after(async () => {
    server.stdin?.end();
    if (server.exitCode === null) await once(server, "exit");
  });
  const [port] = await once(server.stdout as NodeJS.EventEmitter, "data");
  return String(port).trim();
}

const status = (port: string, args: readonly string[] = [], env = {}) =>
  runQuire(["status", "--url", `http://127.0.0.1:${port}`, ...args], { OPERATIONS_TOKEN: "", ...env });

test("what a worker says of itself is shown in 80 columns", async (context) => {
  const { code, stdout } = await status(await serve(context));
  assert.equal(code, 0);
  for (const shown of [
    /^OK {8}reads, and takes new documents$/m,
    /^worker {4}0\.1\.0 at 127\.0\.0\.1:\d+, up 3h 12m$/m,
    /^memory {4}\[█+·+\|·+\|·+\|·+\] +61\.3 %$/m,
    /314 MiB of 512 MiB, normal for 47m; marks at 70, 85, 95 %/,
    /worker 21 MiB of 259 MiB, engine 17 MiB of 256 MiB/,
    /2 of 2 OCR threads: 64 MiB \+ 71 MiB/,
    /up to 4 at once \(5 when memory allows\)/,
    /0b5e2c4a {2}large {3}page 57 of 142 +\[█+·+\]/,
    /a81d0b7e {2}small {3}is being opened/,
    /99\.4 % read, 0\.6 % failed, 1\.8 % tried again, 0\.6 % stalled/,
    /after 43 documents or 8h 48m more/,
    /6 engines: max_pages 3, elevated 2, engine_crashed 1/,
    /^events {4}12s ago +collected$/m,
    /4m ago +engine_died \(engine_crashed\)/,
  ])
    assert.match(stdout, shown);
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
});

test("a worker that has done nothing yet has no rates, no engine and no bounds", async (context) => {
  const none = {
    pages: 0,
    completed: 0,
    partial: 0,
    refused: 0,
    failed: 0,
    retried: 0,
    stalled: 0,
    handedBack: 0,
  };
  const port = await serve(context, {
    counts: none,
    documents: [],
    events: [],
    restart: { jobsLeft: null, hoursLeft: null },
    engine: { state: "off", cannotStart: false, threads: 1, recycles: {} },
    concurrency: { inForce: 1, configured: 1 },
  });
  const { code, stdout } = await status(port, ["--once"]);
  assert.equal(code, 0);
  assert.match(stdout, /– read, – failed, – tried again, – stalled/);
  assert.match(stdout, /never by itself/);
  assert.match(stdout, /no engine yet/);
  assert.match(stdout, /^events {4}none yet$/m);
});

test("a worker that is not ready but well ends in 0, a broken one in 1, each with its reason", async (context) => {
  const draining = await status(await serve(context, { phase: "draining" }), ["--once"]);
  assert.equal(draining.code, 0);
  assert.match(draining.stdout, /^DRAINING .*\n {10}The worker is leaving.*\(draining\)$/m);
  const never = { database: { reachedAt: null, awaySince: null } };
  const port = await serve(context, never);
  const broken = await status(port, ["--once"]);
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /^BROKEN .*\n {10}The database has not been reached/m);
  const json = await status(port, ["--json"]);
  assert.equal(json.code, 1);
  assert.equal(JSON.parse(json.stdout).reasons[0].code, "database_never_reached");
});

test("--json is what /health answers", async (context) => {
  const port = await serve(context);
  const { code, stdout } = await status(port, ["--json"]);
  assert.equal(code, 0);
  const shown = JSON.parse(stdout);
  const asked = JSON.parse(await (await fetch(`http://127.0.0.1:${port}/health`)).text());
  assert.deepEqual(Object.keys(shown), Object.keys(asked));
  assert.deepEqual(shown.engine, asked.engine);
});

test("the token is sent; without it the status and what it means is all there is", async (context) => {
  const port = await serve(context, { phase: "draining" }, { OPERATIONS_TOKEN: token });
  const known = await status(port, ["--once"], { OPERATIONS_TOKEN: token });
  assert.match(known.stdout, /page 57 of 142/);
  const stranger = await status(port, ["--once"]);
  assert.equal(stranger.code, 0);
  assert.match(stranger.stdout, /^DRAINING/);
  assert.match(stranger.stdout, /OPERATIONS_TOKEN/);
  assert.doesNotMatch(stranger.stdout, /page 57/);
});

test("the address is HOST and PORT, where nothing else is said", async (context) => {
  const port = await serve(context);
  const env = { HOST: "0.0.0.0", PORT: port, OPERATIONS_TOKEN: "" };
  assert.match((await runQuire(["status"], env)).stdout, new RegExp(`at 127\\.0\\.0\\.1:${port}`));
  const none = await runQuire(["status"], { PORT: "0" });
  assert.equal(none.code, 2);
  assert.match(none.stderr, /invalid_configuration: .*--url/);
});

test("nobody there, or somebody else, is an error with what to do", async (context) => {
  const other = createServer((request, response) => {
    response.end(request.url === "/health" ? '{"status":"UP"}' : "");
  });
  context.after(() => other.close());
  await once(other.listen(0, "127.0.0.1"), "listening");
  const port = String((other.address() as AddressInfo).port);
  const foreign = await status(port);
  assert.equal(foreign.code, 1);
  assert.match(foreign.stderr, /^quire: worker_unreachable: What answers at .* is no worker/);
  other.close();
  await once(other, "close");
  const nobody = await status(port);
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /^quire: worker_unreachable: .*ECONNREFUSED.*--url/);
  for (const url of ["ftp://127.0.0.1", "worker", "http://name:word@127.0.0.1"]) {
    const wrong = await runQuire(["status", "--url", url]);
    assert.equal(wrong.code, 2, url);
    assert.doesNotMatch(wrong.stderr, /word@/);
  }
});
