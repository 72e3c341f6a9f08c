import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { failedPage, type PageResult, QuireError } from "@quire/core";
import { isolationOf } from "@quire/engine/confinement";
import { processTree } from "@quire/memory";
import type { FakeOriginal } from "../testing/fakeMaker.ts";
import { type MakePdfOptions, makePdf } from "./makePdf.ts";

const folder = mkdtempSync(join(tmpdir(), "quire-maker-test-"));
const tempDir = join(folder, "temp");
mkdirSync(tempDir);
const linux = process.platform === "linux";
after(() => rmSync(folder, { recursive: true }));

function page(pageNumber: number, text: string): PageResult {
  const empty = failedPage(pageNumber, { code: "page_unreadable", message: "" });
  return { ...empty, outcome: "recognized", text, error: null };
}

/** Pages that tell how many were taken, and whether they were let go of. */
class Pages {
  taken = 0;
  released = 0;
  readonly #count: number;
  readonly #text: string;

  constructor(count: number, text = "page") {
    this.#count = count;
    this.#text = text;
  }

  async *[Symbol.asyncIterator]() {
    try {
      for (let number = 1; number <= this.#count; number++) {
        this.taken = number;
        yield page(number, `${this.#text} ${number}`);
      }
    } finally {
      this.released++;
    }
  }
}

let originals = 0;

function make(fake: FakeOriginal, pages: AsyncIterable<PageResult>, options: MakePdfOptions = {}) {
  const path = join(folder, `original-${++originals}.json`);
  writeFileSync(path, JSON.stringify(fake));
  const source = { path, format: "pdf", pageCount: 3, name: "fake.pdf", archival: false } as const;
  const entry = new URL("../testing/fakeMaker.js", import.meta.url);
  return makePdf(source, pages, { tempDir, entry, ...options });
}

async function all(pdf: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of pdf) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function failureOf(pdf: AsyncIterable<Uint8Array>): Promise<QuireError> {
  const error = await all(pdf).then(
    () => assert.fail("it came to an end"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof QuireError, String(error));
  return error;
}

/** Nothing is left of any maker: no process, no link. */
function nothingIsLeft(): void {
  assert.deepEqual(processTree(process.pid), [process.pid]);
  assert.deepEqual(readdirSync(tempDir), []);
}

test("pages go in, the PDF comes out, and nothing is left behind", async () => {
  const pages = new Pages(3);
  assert.equal(await all(make({}, pages)), "%PDF-1.7\npage 1\npage 2\npage 3\n");
  assert.equal(pages.released, 1);
  nothingIsLeft();
});

test("what is larger than any buffer on the way comes out whole", async () => {
  const pageBytes = 3_000_000;
  const text = "ä".repeat(700_000);
  const pdf = await all(make({ pageBytes }, new Pages(3, text)));
  assert.equal(pdf.length, "%PDF-1.7\n".length + 3 * pageBytes);
  assert.ok(pdf.includes(`${text} 3\n`));
});

test("a refusal comes with its code, before any page is taken", async () => {
  const pages = new Pages(3);
  const refuses = { code: "pdf_signed", message: "It is signed." } as const;
  const error = await failureOf(make({ refuses }, pages));
  assert.deepEqual([error.code, error.message], [refuses.code, refuses.message]);
  assert.equal(pages.taken, 0);
  nothingIsLeft();
});

test("whatever becomes of the maker, it is an error with a code, and nothing is left", async () => {
  const misdeeds = ["crash", "leave", "babble", "chatter", "exhaust"] as const;
  for (const does of misdeeds) {
    for (const at of ["start", "page", "end"] as const) {
      const { code, message } = await failureOf(make({ does, at }, new Pages(2), { maxHeapMegabytes: 24 }));
      assert.equal(code, "pdf_maker_failed", `${does} at ${at}`);
      if (does === "exhaust") assert.match(message, /ran out of memory/);
    }
  }
  nothingIsLeft();
});

test("a maker that stands still is killed, wherever it does", async () => {
  for (const at of ["start", "page", "end"] as const) {
    const { code, message } = await failureOf(
      make({ does: "stand", at }, new Pages(2), { answerWithinMs: 2_000 }),
    );
    assert.equal(code, "pdf_maker_failed");
    assert.match(message, /did not go on for 2 s/);
  }
  nothingIsLeft();
});

test("what is no PDF is not handed on", async () => {
  for (const header of ["<html>", "x".repeat(5_000)]) {
    const { code } = await failureOf(make({ header }, new Pages(2)));
    assert.equal(code, "pdf_maker_failed");
  }
});

test("more than the PDF can have is not taken", async () => {
  const { code, message } = await failureOf(make({ pageBytes: 10_000_000 }, new Pages(2)));
  assert.equal(code, "pdf_maker_failed");
  assert.match(message, /more than a PDF of this document can have/);
});

test("an error of the pages is what comes out", async () => {
  async function* failing() {
    yield page(1, "one");
    throw new QuireError("engine_unavailable", "no engine");
  }
  assert.equal((await failureOf(make({}, failing()))).code, "engine_unavailable");
  nothingIsLeft();
});

test("who stops taking the PDF ends the maker and lets go of the pages", async () => {
  const pages = new Pages(1_000);
  for await (const _ of make({ pageBytes: 1_000_000 }, pages)) {
    if (pages.taken > 0) break;
  }
  assert.ok(pages.taken < 1_000);
  assert.equal(pages.released, 1);
  nothingIsLeft();
});

test("an abort ends the maker, also while a page is awaited", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  async function* never() {
    yield page(1, "one");
    controller.abort(reason);
    await new Promise(() => {});
  }
  await assert.rejects(all(make({}, never(), { signal: controller.signal })), reason);
  nothingIsLeft();
  await assert.rejects(all(make({}, never(), { signal: controller.signal })), reason);
});

test("an abort before the process is started is not missed", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const pages = new Pages(2);
  const pdf = make({}, pages, { signal: controller.signal });
  // Runs up to the first await.
  const first = pdf.next();
  controller.abort(reason);
  await assert.rejects(first, reason);
  assert.equal(pages.taken, 0);
  nothingIsLeft();
});

test("a maker whose parent was killed leaves by itself", async () => {
  const path = join(folder, "abandoned.json");
  writeFileSync(path, "{}");
  const program = fileURLToPath(new URL("../testing/abandonedMaker.js", import.meta.url));
  const own = mkdtempSync(join(folder, "abandoned-"));
  const parent = spawn(process.execPath, [program, path, own], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await once(parent.stdout, "data");
  const maker = Number(said);
  assert.ok(isRunning(maker));
  parent.kill("SIGKILL");
  // The test's time limit is the only one: how long it may take depends on the machine.
  while (isRunning(maker)) await new Promise((resolve) => setImmediate(resolve));
});

function isRunning(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", `${pid}`], { encoding: "utf8" });
  const state = stdout.trim();
  return state !== "" && !state.startsWith("Z");
}

test("an original that is not there is no maker's fault", async () => {
  const path = join(folder, "missing.pdf");
  const source = { path, format: "pdf", pageCount: 1, name: "missing.pdf", archival: false } as const;
  assert.equal((await failureOf(makePdf(source, new Pages(1), { tempDir }))).code, "file_unreadable");
  nothingIsLeft();
});

test("a maker in other hands reads nothing but its original, writes nothing, and starts nothing", async () => {
  const other = join(folder, "of-somebody-else");
  writeFileSync(other, "secret");
  const tries = { read: ["/etc/passwd", other], write: folder, port: 9 };
  const { message } = await failureOf(make({ tries }, new Pages(1)));
  const denied = "ERR_ACCESS_DENIED";
  const {
    "connect to this machine": connection,
    "replace itself": replaced,
    ...results
  } = JSON.parse(message);
  assert.deepEqual(results, {
    "read /etc/passwd": denied,
    [`read ${other}`]: denied,
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
    "start a thread": denied,
    "start a thread with options of its own": denied,
    "find the thread's class": denied,
  });
  assert.notEqual(replaced, "done");
  if (isolationOf(false) !== "none") assert.equal(connection, "ENETUNREACH");
});

test("nothing of the environment reaches it, and the kernel takes it first", {
  skip: !linux && "it takes /proc",
}, async () => {
  process.env.PLANTED_SECRET = "planted-secret-4711";
  try {
    for await (const _ of make({ pageBytes: 1_000_000 }, new Pages(100))) {
      const [, pid] = processTree(process.pid);
      const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
      const names = variables.map((variable) => variable.replace(/=.*/s, ""));
      assert.deepEqual(names.toSorted(), [
        "MALLOC_ARENA_MAX",
        "MALLOC_MMAP_THRESHOLD_",
        "MALLOC_TRIM_THRESHOLD_",
      ]);
      assert.equal(readFileSync(`/proc/${pid}/oom_score_adj`, "utf8").trim(), "1000");
      break;
    }
  } finally {
    delete process.env.PLANTED_SECRET;
  }
});
