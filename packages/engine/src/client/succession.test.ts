import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setImmediate as untilNextTurn } from "node:timers/promises";
import { failedPage, loadConfig, type PageResult } from "@quire/core";
import { fake, readOptions } from "../testing/fakeDocuments.ts";
import { type FakeProcess, FakeProcesses } from "../testing/fakeProcesses.ts";
import { Engine, type EngineEvent } from "./engine.ts";
import type { EngineDocument, PagesOptions } from "./engineDocument.ts";

/** The processes here are fakes that say what the test says, and time passes when the test says so. */
let processes = new FakeProcesses();
let engine: Engine | undefined;
let events: EngineEvent[] = [];
afterEach(() => engine?.close());

function start(env: Record<string, string> = {}): Engine {
  processes = new FakeProcesses();
  events = [];
  engine = new Engine(loadConfig({ OCR_THREADS: "1", ...env }), {
    entry: new URL("file:///none"),
    ports: processes,
    onEvent: (event) => events.push(event),
  });
  return engine;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await untilNextTurn();
}

const newest = () => processes.living.at(-1) as FakeProcess;
const started = () => processes.startedCount;
const openPages = (process: FakeProcess) =>
  process.openRequests.flatMap((request) => (request.type === "read" ? [request.pageNumber] : []));

/** Opens a document of so many pages in the newest process, which is started for it if there is none. */
async function open(pageCount: number, client = engine as Engine): Promise<EngineDocument> {
  const opening = client.openDocument(fake({ pages: pageCount }), readOptions);
  await until(() => processes.living.length > 0);
  const process = newest();
  if (!process.isReady) process.say({ type: "ready" });
  await until(() => process.openRequests.some(({ type }) => type === "open"));
  const [request] = process.openRequests.filter(({ type }) => type === "open");
  const facts = { format: "pdf", pageCount, sizeBytes: 1, conservative: false } as const;
  process.say({ type: "opened", document: request?.document as number, facts });
  return opening;
}

interface Reading {
  readonly pages: PageResult[];
  readonly done: Promise<void>;
}

function read(document: EngineDocument, options: PagesOptions = {}): Reading {
  const pages: PageResult[] = [];
  const done = (async () => {
    for await (const page of document.pages({ order: "finish", ...options })) pages.push(page);
  })();
  return { pages, done };
}

function answer(process: FakeProcess, { id }: EngineDocument, pageNumber: number): void {
  const empty = failedPage(pageNumber, { code: "page_unreadable", message: "" });
  process.say({
    type: "page",
    document: id,
    result: { ...empty, outcome: "recognized", error: null },
    preview: null,
  });
}

/** Every process that is not killed answers what it was asked; those that are killed end. */
async function finish(document: EngineDocument, { done }: Reading): Promise<void> {
  let isDone = false;
  done.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    for (const process of processes.living) {
      if (process.isKilled) process.die("killed");
      else if (!process.isReady) process.say({ type: "ready" });
      for (const pageNumber of openPages(process)) answer(process, document, pageNumber);
    }
    await untilNextTurn();
  }
}

test("a successor that dies after it took over leaves its predecessor to finish and be replaced", async () => {
  const client = start();
  const document = await open(12);
  const reading = read(document);
  const first = newest();
  await until(() => openPages(first).length === 2);
  client.recycle("max_pages");
  const second = newest();
  second.say({ type: "ready" });
  second.say({ type: "warmed" });
  answer(first, document, 1);
  await until(() => openPages(second).length > 0);
  second.die("engine_crashed");
  assert.deepEqual(openPages(first), [2], "the predecessor gets nothing new");
  answer(first, document, 2);
  await until(() => first.isKilled);
  assert.deepEqual(
    events.flatMap((event) => (event.type === "recycled" ? [event.reason] : [])),
    ["max_pages"],
  );
  assert.equal(client.pids.includes(first.pid), false);
  await finish(document, reading);
  client.recycle("high");
  assert.equal(client.state, "off", "it can be replaced again");
});

test("a page that needs a fresh engine gets one after a successor died during the handover", async () => {
  const client = start();
  const document = await open(6);
  const reading = read(document);
  const first = newest();
  await until(() => openPages(first).length === 2);
  client.recycle("max_pages");
  newest().say({ type: "ready" });
  newest().say({ type: "warmed" });
  answer(first, document, 1);
  await until(() => openPages(newest()).length > 0);
  newest().die("engine_out_of_memory");
  await finish(document, reading);
  assert.equal(reading.pages.length, 6);
  assert.ok(reading.pages.every(({ outcome }) => outcome === "recognized"));
});

test("a successor that is ready and only waits for the drain is kept, however long that takes", async () => {
  const client = start({ PAGE_TIMEOUT_SECONDS: "600" });
  const document = await open(6);
  const reading = read(document);
  const first = newest();
  await until(() => openPages(first).length === 2);
  client.recycle("high");
  const successor = newest();
  assert.notEqual(successor, first);
  successor.say({ type: "ready" });
  processes.advance(120_000);
  assert.equal(successor.isKilled, false);
  answer(first, document, 1);
  answer(first, document, 2);
  await until(() => openPages(successor).length > 0);
  assert.equal(started(), 2);
  await finish(document, reading);
});

test("a successor that does not come up within a minute is given up, and the engine goes on", async () => {
  const client = start({ PAGE_TIMEOUT_SECONDS: "600" });
  const document = await open(6);
  const reading = read(document);
  const first = newest();
  await until(() => openPages(first).length === 2);
  client.recycle("max_pages");
  const successor = newest();
  processes.advance(61_000);
  assert.ok(successor.isKilled);
  await finish(document, reading);
  assert.equal(first.isKilled, false);
});

test("a process that does not come up within a minute gets no work, should it be ready after all", async () => {
  const client = start();
  const opening = client.openDocument(fake({ pages: 1 }), readOptions);
  await until(() => processes.living.length > 0);
  const hung = newest();
  processes.advance(61_000);
  assert.ok(hung.isKilled);
  hung.say({ type: "ready" });
  assert.equal(client.state, "starting");
  hung.die("killed");
  await until(() => newest() !== undefined && newest() !== hung);
  newest().say({ type: "ready" });
  const [request] = newest().openRequests;
  const facts = { format: "pdf", pageCount: 1, sizeBytes: 1, conservative: false } as const;
  newest().say({ type: "opened", document: request?.document as number, facts });
  await opening;
  assert.equal(events.filter(({ type }) => type === "died").length, 1);
});

test("a page for which there is no memory though it is alone is failed", async () => {
  start();
  const document = await open(1);
  const reading = read(document);
  const first = newest();
  await until(() => openPages(first).length === 1);
  const insufficient = (process: FakeProcess) =>
    process.say({ type: "unfit", document: document.id, pageNumber: 1 });
  insufficient(first);
  await until(() => openPages(newest()).length === 1);
  assert.deepEqual(
    newest().openRequests.map((request) => request.type === "read" && request.care),
    ["alone"],
  );
  insufficient(newest());
  await reading.done;
  assert.deepEqual(
    reading.pages.map(({ error }) => error?.code),
    ["page_out_of_memory"],
  );
});

test("an engine that is to be replaced does not wait for pages of a reading that has been stopped", async () => {
  const client = start();
  const stopped = await open(3);
  const other = await open(3);
  const pages = stopped.pages({ order: "finish" });
  const first = pages.next();
  const process = newest();
  await until(() => openPages(process).length === 2);
  answer(process, stopped, 1);
  await first;
  client.recycle("high");
  const reading = read(other);
  // Pages 2 and 3 never come.
  await pages.return();
  await until(() => process.isKilled);
  await finish(other, reading);
});

test("an engine that is to be replaced does not wait for an opening that was given up", async () => {
  const client = start();
  const document = await open(3);
  const stop = new AbortController();
  const opening = client.openDocument(fake({ pages: 1 }), readOptions, { signal: stop.signal });
  const process = newest();
  await until(() => process.openRequests.length === 1);
  client.recycle("high");
  const reading = read(document);
  stop.abort(new Error("enough"));
  await assert.rejects(opening, { message: "enough" });
  await until(() => process.isKilled);
  await finish(document, reading);
});

test("whoever reads on after the engine has been closed is told so", async () => {
  const client = start();
  const document = await open(3);
  client.close();
  await assert.rejects(read(document).done, { code: "engine_unavailable" });
});

test("time that a page waits for another page is not its own", async () => {
  start({ PAGE_TIMEOUT_SECONDS: "10" });
  const document = await open(2);
  const reading = read(document);
  const process = newest();
  await until(() => openPages(process).length === 2);
  const tell = (pageNumber: number, stage: "waiting" | "rendering" | "recognising") =>
    process.say({ type: "stage", document: document.id, pageNumber, stage });
  tell(1, "recognising");
  tell(2, "waiting");
  processes.advance(9_000);
  answer(process, document, 1);
  tell(2, "rendering");
  processes.advance(9_000);
  assert.equal(process.isKilled, false);
  processes.advance(2_000);
  assert.ok(process.isKilled);
  process.die("killed");
  await reading.done;
  assert.deepEqual(
    reading.pages.map(({ error }) => error?.code ?? "read"),
    ["read", "page_timeout"],
  );
});
