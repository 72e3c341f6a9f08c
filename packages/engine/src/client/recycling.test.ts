import assert from "node:assert/strict";
import { test } from "node:test";
import type { PageResult } from "@quire/core";
import { processTree } from "@quire/memory";
import {
  collect,
  deaths,
  events,
  failingSuccessor,
  fake,
  journal,
  outcomes,
  readOptions,
  recycles,
  start,
} from "../testing/fakeDocuments.ts";

const megabyte = 1_000_000;
const full = {
  usedBytes: 500 * megabyte,
  limitBytes: 512 * megabyte,
  share: 0.98,
  source: "processes",
} as const;
const numbers = (pages: PageResult[]) => pages.map(({ pageNumber }) => pageNumber);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test("an engine that does not move is killed, and costs nobody anything", async () => {
  const engine = start();
  const document = await engine.openDocument(fake({ pages: 40, pageMs: 10 }), readOptions);
  const pages: PageResult[] = [];
  for await (const page of document.pages({ order: "finish" })) {
    pages.push(page);
    if (page.pageNumber === 5) engine.killStuck();
  }
  assert.equal(pages.length, 40);
  assert.ok(pages.every(({ outcome }) => outcome === "recognized"));
  assert.deepEqual(deaths(), ["no_progress"]);
});

const lives = () =>
  events.flatMap(({ type }) => (type === "started" || type === "recycled" || type === "died" ? [type] : []));

test("the engine is replaced after its pages: none is begun twice, and none waits for the next engine", async () => {
  const { path, begun } = journal();
  const engine = start({ ENGINE_MAX_PAGES: "10" });
  // Far more than are read until the successor has taken over.
  const document = await engine.openDocument(fake({ pages: 200, pageMs: 80, journal: path }), readOptions);
  const pages: PageResult[] = [];
  for await (const page of document.pages()) {
    pages.push(page);
    if (recycles().length > 0) break;
  }
  assert.ok(pages.length > 10);
  assert.deepEqual(numbers(pages), upTo(pages.length));
  const numbersBegun = begun().map(([page]) => page);
  assert.equal(new Set(numbersBegun).size, numbersBegun.length);
  assert.deepEqual(lives(), ["started", "started", "recycled"]);
  assert.deepEqual(recycles(), ["max_pages"]);
});

test("where the memory has no room for two engines, the first one goes before the next is started", async () => {
  const engine = start({ ENGINE_MAX_PAGES: "10", MEMORY_LIMIT_MB: "160" });
  const document = await engine.openDocument(fake({ pages: 15, pageMs: 5 }), readOptions);
  assert.deepEqual(numbers(await collect(document)), upTo(15));
  assert.deepEqual(lives(), ["started", "recycled", "started"]);
});

test("an engine that has grown too large is replaced between two pages", async () => {
  const { path, begun } = journal();
  const engine = start({ ENGINE_MAX_RSS_MB: "160", OCR_THREADS: "1" });
  const document = await engine.openDocument(
    fake({ pages: 16, pageMs: 40, leakMb: 20, journal: path }),
    readOptions,
  );
  assert.deepEqual(numbers(await collect(document)), upTo(16));
  assert.deepEqual(
    begun()
      .map(([page]) => page)
      .toSorted((a, b) => a - b),
    upTo(16),
  );
  assert.ok(recycles().length > 0 && recycles().every((reason) => reason === "max_rss"), `${recycles()}`);
});

test("an engine that leaks is replaced before what its pages leave behind fills the memory", async () => {
  // The limit is on this process and the engine together.
  const engine = start({ MEMORY_LIMIT_MB: "400", OCR_THREADS: "1" });
  const document = await engine.openDocument(fake({ pages: 16, pageMs: 40, leakMb: 40 }), readOptions);
  assert.deepEqual(numbers(await collect(document)), upTo(16));
  assert.ok(recycles().length > 0 && recycles().every((reason) => reason === "no_room"), `${recycles()}`);
  assert.deepEqual(deaths(), []);
});

test("an engine that dies while its successor warms up is followed by that one", async () => {
  const engine = start({ ENGINE_MAX_PAGES: "5" });
  const document = await engine.openDocument(fake({ pages: 30, pageMs: 30, crashTwice: [7] }), readOptions);
  const pages = await collect(document);
  assert.deepEqual(numbers(pages), upTo(30));
  assert.ok(pages.every(({ outcome }) => outcome === "recognized"));
  assert.deepEqual(deaths(), ["engine_crashed", "engine_crashed"]);
});

test("a page that nobody waits for any more keeps nobody from a new engine", async () => {
  const engine = start();
  const stuck = await engine.openDocument(fake({ pages: 2, mute: [1] }), readOptions);
  const { path, begun } = journal();
  const other = await engine.openDocument(fake({ pages: 20, pageMs: 10, journal: path }), readOptions);
  const reading = stuck.pages({ order: "finish" });
  await reading.next();
  stuck.close();
  await assert.rejects(reading.next(), { code: "engine_unavailable" });
  const pages: PageResult[] = [];
  for await (const page of other.pages({ order: "finish" })) {
    pages.push(page);
    if (pages.length === 5) engine.recycle("high");
  }
  assert.equal(pages.length, 20);
  assert.ok(begun().length === 20);
  assert.deepEqual(recycles(), ["high"]);
});

test("nothing is begun in an engine that is being killed", async () => {
  const engine = start();
  const document = await engine.openDocument(fake({ pages: 40, pageMs: 10 }), readOptions);
  let begins = 0;
  const pages: PageResult[] = [];
  for await (const page of document.pages({ order: "finish", begin: async () => void begins++ })) {
    pages.push(page);
    if (pages.length === 5) engine.killStuck();
  }
  assert.equal(pages.length, 40);
  // Each page once, and those that were under way once more.
  assert.ok(begins <= 44, `${begins} begins`);
});

test("a successor that cannot start costs the engine that works nothing", async () => {
  const engine = start({ ENGINE_MAX_PAGES: "5" }, failingSuccessor());
  // Long enough for it to be seen dying: a reading that ends first has no use for a successor.
  do {
    const document = await engine.openDocument(fake({ pages: 60, pageMs: 60 }), readOptions);
    assert.deepEqual(numbers(await collect(document)), upTo(60));
    document.close();
    assert.equal(engine.cannotStart, false);
  } while (deaths().length === 0 && recycles().length === 0);
  assert.ok(deaths().every((death) => death === "engine_crashed"));
});

test("closing the engine while it is being replaced leaves no process behind", async () => {
  const engine = start({ ENGINE_MAX_PAGES: "3" });
  const document = await engine.openDocument(fake({ pages: 30, pageMs: 30 }), readOptions);
  const reading = document.pages();
  while (engine.pids.length < 2) await reading.next();
  const { pids } = engine;
  engine.close();
  for (const pid of pids) await waitUntilGone(pid);
});

async function waitUntilGone(pid: number): Promise<void> {
  while (processTree(process.pid).includes(pid)) await new Promise((resolve) => setImmediate(resolve));
}

test("an engine that retires lets no other page begin, and the pages under way finish in it", async () => {
  const engine = start();
  const document = await engine.openDocument(fake({ pages: 12, pageMs: 20 }), readOptions);
  const pages: PageResult[] = [];
  for await (const page of document.pages({ order: "finish" })) {
    pages.push(page);
    if (page.pageNumber === 3) {
      const [pid] = engine.pids;
      engine.recycle("high");
      engine.recycle("high");
      assert.equal(engine.pids[0], pid, "there are pages under way");
    }
  }
  assert.equal(pages.length, 12);
  assert.deepEqual(recycles(), ["high"]);
  assert.equal(events.filter(({ type }) => type === "started").length, 2);
});

test("an idle engine is replaced at once, and none is started before there is work", async () => {
  const engine = start();
  const document = await engine.openDocument(fake({ pages: 3 }), readOptions);
  await collect(document);
  engine.recycle("elevated");
  assert.equal(engine.state, "off");
  assert.deepEqual(recycles(), ["elevated"]);
  assert.equal((await collect(document)).length, 3);
});

test("a page that does not fit beside others is read alone, in a fresh engine", async () => {
  const { path, begun } = journal();
  const document = await start().openDocument(
    fake({ pages: 12, unfit: [6], pageMs: 5, journal: path }),
    readOptions,
  );
  const pages = await collect(document);
  assert.ok(pages.every(({ outcome }) => outcome === "recognized"));
  assert.deepEqual(
    begun().filter(([page]) => page === 6),
    [
      [6, "usual"],
      [6, "alone"],
    ],
  );
  assert.deepEqual(recycles(), ["no_room"]);
});

test("what was under way when the memory was full is read again, alone, then smaller, then failed", async () => {
  const { path, begun } = journal();
  const engine = start();
  const document = await engine.openDocument(fake({ pages: 4, mute: [2], journal: path }), readOptions);
  const cares = () => begun().flatMap(([page, care]) => (page === 2 ? [care] : []));
  const killWhenBegun = (times: number) => {
    if (cares().length < times) setImmediate(killWhenBegun, times);
    else {
      engine.killForMemory(full, true);
      engine.release();
    }
  };
  let times = 0;
  const pages = await collect(document, {
    begin: async (pageNumber) => {
      if (pageNumber === 2) setImmediate(killWhenBegun, ++times);
    },
  });
  assert.deepEqual(outcomes(pages), [
    [1, "recognized"],
    [2, "page_out_of_memory"],
    [3, "recognized"],
    [4, "recognized"],
  ]);
  assert.match(pages[1]?.error?.message ?? "", /500 MB were in use of 512 MB/);
  assert.deepEqual(deaths(), ["critical", "critical", "critical"]);
  assert.deepEqual(cares(), ["usual", "alone", "reduced"]);
});

test("who is not to blame for the memory is not charged, however often", async () => {
  const engine = start();
  const document = await engine.openDocument(fake({ pages: 2, pageMs: 20 }), readOptions);
  let kills = 0;
  const pages: PageResult[] = [];
  const reading = document.pages({
    begin: async () => {
      if (kills++ >= 8) return;
      setImmediate(() => {
        engine.killForMemory(full, false);
        engine.release();
      });
    },
  });
  for await (const page of reading) pages.push(page);
  assert.ok(pages.every(({ outcome }) => outcome === "recognized"));
  assert.ok(deaths().length > 3, `${deaths()}`);
});

test("an engine that is held is not started before it is released", async () => {
  const engine = start();
  const document = await engine.openDocument(fake({ pages: 30, pageMs: 5 }), readOptions);
  const pages: PageResult[] = [];
  for await (const page of document.pages()) {
    pages.push(page);
    if (page.pageNumber !== 4) continue;
    engine.killForMemory(full, false);
    setTimeout(() => {
      assert.equal(events.filter(({ type }) => type === "started").length, 1);
      assert.equal(engine.state, "off");
      engine.release();
    }, 100);
  }
  assert.equal(pages.length, 30);
  assert.equal(events.filter(({ type }) => type === "started").length, 2);
});
