import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfig, QuireError } from "@quire/core";
import { isolationOf } from "../confinement/isolation.ts";
import type { HostileResults, HostileWishes } from "../testing/hostileAttempts.ts";
import { Engine, type EngineOptions } from "./engine.ts";

const folder = mkdtempSync(join(tmpdir(), "quire-confinement-"));
const readOptions = {
  languages: ["eng"],
  textLayer: "auto",
  rotate: "auto",
  quality: "balanced",
  preview: false,
} as const;
const sample = fileURLToPath(new URL("../../../../samples/fax.tif", import.meta.url));
const secret = "planted-secret-4711";
const denied = "ERR_ACCESS_DENIED";
const linux = process.platform === "linux";

const server = createServer((socket) => socket.destroy());
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as { port: number };

after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** What becomes of the hostile engine's attempts. */
async function attempts(wishes: HostileWishes, options: EngineOptions = {}) {
  const engine = new Engine(loadConfig({ OCR_THREADS: "1" }), {
    entry: new URL("../testing/hostileEngine.js", import.meta.url),
    confined: true,
    ...options,
  });
  try {
    const path = join(folder, "wishes.json");
    writeFileSync(path, JSON.stringify(wishes));
    await engine.openDocument(path, readOptions);
    return assert.fail("the hostile engine refuses its document");
  } catch (error) {
    assert.ok(error instanceof QuireError);
    return JSON.parse(error.message) as Record<"main" | "thread", HostileResults>;
  } finally {
    engine.close();
  }
}

test("an engine in other hands reads nothing but its document, writes nothing, and starts nothing", async () => {
  const store = join(folder, "files");
  const otherSpool = join(folder, "other-worker-copy");
  for (const path of [store, otherSpool]) writeFileSync(path, "of somebody else");
  const { main, thread } = await attempts({
    read: ["/etc/passwd", store, otherSpool, sample],
    write: folder,
    port,
  });
  const expected = {
    "read /etc/passwd": denied,
    [`read ${store}`]: denied,
    [`read ${otherSpool}`]: denied,
    [`read ${sample}`]: denied,
    "read its own document": "done",
    "read the parent's environment": denied,
    "list a folder": denied,
    "look at a file": denied,
    "climb out of the folder": denied,
    "write a file": denied,
    "write beside the documents": denied,
    "link to a file": denied,
    "start a program": denied,
    "debug itself": denied,
    "open a database": "ERR_UNKNOWN_BUILTIN_MODULE",
    "run WASI": denied,
    "start a thread": "no other thread may be started",
    "start a thread with options of its own": "no other thread may be started",
    "find the thread's class": "no other thread may be started",
  };
  for (const [where, results] of Object.entries({ main, thread })) {
    const { "connect to this machine": _, "replace itself": replaced, ...rest } = results;
    assert.deepEqual(rest, expected, where);
    assert.notEqual(replaced, "done", where);
  }
  assert.deepEqual(readdirSync(folder).toSorted(), ["files", "other-worker-copy", "wishes.json"]);
});

test("where the machine allows it, it has no network either", {
  skip: isolationOf(true) === "none" && "this machine allows no namespaces",
}, async () => {
  const wishes = { read: [], write: folder, port };
  const { main, thread } = await attempts(wishes, { linksFolder: join(folder, "links") });
  assert.equal(main["connect to this machine"], "ENETUNREACH");
  assert.equal(thread["connect to this machine"], "ENETUNREACH");
});

test("secrets in the environment do not reach the engine", { skip: !linux && "it takes /proc" }, async () => {
  const names = ["DATABASE_URL", "SUPABASE_SERVICE_ROLE_KEY", "OPERATIONS_TOKEN", "ANYTHING_ELSE"];
  for (const name of names) process.env[name] = secret;
  const engine = new Engine(loadConfig({ OCR_THREADS: "1" }));
  try {
    const document = await engine.openDocument(sample, readOptions);
    const [pid] = engine.pids;
    const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
    assert.deepEqual(variables.map((variable) => variable.replace(/=.*/s, "")).toSorted(), [
      "MALLOC_ARENA_MAX",
      "MALLOC_MMAP_THRESHOLD_",
      "MALLOC_TRIM_THRESHOLD_",
      "NODE_CHANNEL_FD",
      "NODE_CHANNEL_SERIALIZATION_MODE",
    ]);
    assert.ok(!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(secret));
    assert.equal(readFileSync(`/proc/${pid}/oom_score_adj`, "utf8").trim(), "1000");
    document.close();
  } finally {
    engine.close();
    for (const name of names) delete process.env[name];
  }
});

test("the links to documents go with them, and the folder with the engine", async () => {
  const linksFolder = join(folder, "links");
  const engine = new Engine(loadConfig({ OCR_THREADS: "1" }), { linksFolder });
  const document = await engine.openDocument(sample, readOptions);
  assert.deepEqual(readdirSync(linksFolder), ["1"]);
  for await (const page of document.pages()) assert.match(page.text, /Heart Practice/);
  document.close();
  engine.close();
  assert.ok(!readdirSync(folder).includes("links"));
});
