import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "@quire/core";
import { processTree } from "@quire/memory";
import {
  collect,
  deaths,
  events,
  fake,
  folder,
  outcomes,
  readOptions,
  start,
} from "../testing/fakeDocuments.ts";
import { Engine } from "./engine.ts";

test("pages come in page order, each once", async () => {
  const document = await start().openDocument(fake({ pages: 30 }), readOptions);
  const pages = await collect(document);
  assert.deepEqual(
    pages.map(({ pageNumber }) => pageNumber),
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
});

test("only the pages asked for are read, in the order asked for", async () => {
  const document = await start().openDocument(fake({ pages: 9 }), readOptions);
  const pages = await collect(document, { pageNumbers: [7, 2, 2, 3] });
  assert.deepEqual(
    pages.map(({ text }) => text),
    ["page 7", "page 2", "page 3"],
  );
});

test("a page number outside the document is refused", async () => {
  const document = await start().openDocument(fake({ pages: 2 }), readOptions);
  await assert.rejects(collect(document, { pageNumbers: [3] }), { code: "page_out_of_range" });
});

test("a page that kills the engine is failed, and its neighbours are read", async () => {
  const document = await start().openDocument(fake({ pages: 8, crash: [3] }), readOptions);
  const pages = await collect(document);
  assert.deepEqual(
    outcomes(pages).filter(([, outcome]) => outcome !== "recognized"),
    [[3, "engine_crashed"]],
  );
  assert.equal(pages.length, 8);
});

test("a page is not blamed for an engine that died while it had company", async () => {
  const document = await start().openDocument(fake({ pages: 8, crashTwice: [2] }), readOptions);
  const pages = await collect(document);
  // Once in company, which is nobody's fault, and once alone.
  assert.equal(deaths().length, 2);
  assert.ok(pages.every(({ outcome }) => outcome === "recognized"));
});

test("a page whose heap runs out is told from a crash", async () => {
  const document = await start({ MEMORY_LIMIT_MB: "256" }).openDocument(
    fake({ pages: 3, exhaust: [2] }),
    readOptions,
  );
  assert.deepEqual(outcomes(await collect(document)), [
    [1, "recognized"],
    [2, "page_out_of_memory"],
    [3, "recognized"],
  ]);
});

test("a page that takes too long is failed once, and the next are read in a new engine", async () => {
  const document = await start({ PAGE_TIMEOUT_SECONDS: "0.5" }).openDocument(
    fake({ pages: 5, hang: [2] }),
    readOptions,
  );
  assert.deepEqual(outcomes(await collect(document)), [
    [1, "recognized"],
    [2, "page_timeout"],
    [3, "recognized"],
    [4, "recognized"],
    [5, "recognized"],
  ]);
  assert.equal(deaths().length, 1);
});

test("a document opened behind a page that hangs is not blamed for it", async () => {
  const shared = start({ PAGE_TIMEOUT_SECONDS: "0.5" });
  const hanging = await shared.openDocument(fake({ pages: 1, hang: [1] }), readOptions);
  const [pages, opened] = await Promise.all([
    collect(hanging),
    shared.openDocument(fake({ pages: 2 }), readOptions),
  ]);
  assert.deepEqual(outcomes(pages), [[1, "page_timeout"]]);
  assert.equal((await collect(opened)).length, 2);
});

test("an engine that breaks the protocol is killed and its page failed", async () => {
  const document = await start().openDocument(fake({ pages: 3, babble: [2] }), readOptions);
  assert.deepEqual(outcomes(await collect(document))[1], [2, "engine_crashed"]);
});

test("a document that kills the engine when it is opened is refused", async () => {
  await assert.rejects(start().openDocument(fake({ pages: 1, crashOnOpen: true }), readOptions), {
    code: "engine_crashed",
  });
});

test("it is refused, and its neighbours are opened and read", async () => {
  const shared = start();
  const [first, refused, second] = await Promise.allSettled([
    shared.openDocument(fake({ pages: 5 }), readOptions),
    shared.openDocument(fake({ pages: 1, crashOnOpen: true }), readOptions),
    shared.openDocument(fake({ pages: 5 }), readOptions),
  ]);
  assert.equal(refused.status === "rejected" && refused.reason.code, "engine_crashed");
  for (const opened of [first, second]) {
    assert.ok(opened.status === "fulfilled");
    assert.equal((await collect(opened.value)).length, 5);
  }
});

test("a document closed while it is read ends the reading", async () => {
  const document = await start().openDocument(fake({ pages: 50 }), readOptions);
  const read: number[] = [];
  await assert.rejects(
    async () => {
      for await (const { pageNumber } of document.pages()) {
        read.push(pageNumber);
        if (pageNumber === 3) document.close();
      }
    },
    { code: "engine_unavailable" },
  );
  assert.deepEqual(read, [1, 2, 3]);
  await assert.rejects(collect(document), { code: "engine_unavailable" });
});

test("an engine that cannot start is reported, not retried for ever", async () => {
  const engine = new Engine(loadConfig({}), { entry: new URL("./no-such-engine.js", import.meta.url) });
  await assert.rejects(engine.openDocument(fake({ pages: 1 }), readOptions), { code: "engine_unavailable" });
});

test("a short document does not wait behind a long one", async () => {
  const shared = start();
  const long = await shared.openDocument(fake({ pages: 400 }), readOptions);
  const short = await shared.openDocument(fake({ pages: 4 }), readOptions);
  const finished: string[] = [];
  let longPages = 0;
  const readLong = (async () => {
    for await (const _ of long.pages()) longPages++;
    finished.push("long");
  })();
  await collect(short);
  finished.push(`short after ${longPages < 100 ? "a few" : "many"} pages of the long one`);
  await readLong;
  assert.deepEqual(finished, ["short after a few pages of the long one", "long"]);
});

test("who stops taking pages stops the reading, and can start another", async () => {
  const document = await start().openDocument(fake({ pages: 50 }), readOptions);
  for await (const page of document.pages()) if (page.pageNumber === 3) break;
  assert.equal((await collect(document, { pageNumbers: [50] })).length, 1);
});

test("results that nobody takes are bounded", async () => {
  const engine = start();
  const document = await engine.openDocument(fake({ pages: 100 }), readOptions);
  const pages = document.pages();
  await pages.next();
  // The engine answers at once: whatever it may send has been sent when a second document has been read.
  await collect(await engine.openDocument(fake({ pages: 20 }), readOptions));
  assert.ok((document.pageRun?.open ?? 0) <= 8, `${document.pageRun?.open} pages are open`);
  await pages.return();
});

test("closing the engine leaves no process behind", async () => {
  const engine = start();
  const document = await engine.openDocument(fake({ pages: 1 }), readOptions);
  await collect(document);
  const started = events.find(({ type }) => type === "started");
  const pid = started?.type === "started" ? (started.pid as number) : 0;
  assert.ok(processTree(process.pid).includes(pid));
  engine.close();
  await waitUntilGone(pid);
});

test("a closed engine starts no other, whoever still reads", async () => {
  const shared = start();
  const documents = [
    await shared.openDocument(fake({ pages: 50 }), readOptions),
    await shared.openDocument(fake({ pages: 50 }), readOptions),
  ];
  const readings = documents.map((document) => document.pages());
  for (const reading of readings) await reading.next();
  const processes = () => processTree(process.pid).length;
  const withEngine = processes();
  shared.close();
  for (const document of documents) document.close();
  for (const reading of readings) await assert.rejects(reading.next(), { code: "engine_unavailable" });
  await assert.rejects(shared.openDocument(fake({ pages: 1 }), readOptions), { code: "engine_unavailable" });
  while (processes() >= withEngine) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(events.filter(({ type }) => type === "started").length, 1);
});

test("a size over the limit is refused with figure, limit and remedy, before the file is opened", async () => {
  const path = join(folder, "large.pdf");
  writeFileSync(path, "");
  truncateSync(path, 61_200_000);
  await assert.rejects(start().openDocument(path, readOptions), {
    code: "file_too_large",
    message: "61.2 MB is over the 50 MB limit. Split the document into smaller files.",
  });
  assert.equal(events.length, 0);
});

test("an empty file and a missing file are refused", async () => {
  const path = join(folder, "empty.pdf");
  writeFileSync(path, "");
  await assert.rejects(start().openDocument(path, readOptions), { code: "empty_file" });
  await assert.rejects(start().openDocument(join(folder, "missing.pdf"), readOptions), {
    code: "file_unreadable",
  });
});

/** A killed process stays in the table until its end has been reported: that is what is waited for. */
async function waitUntilGone(pid: number): Promise<void> {
  while (processTree(process.pid).includes(pid)) await new Promise((resolve) => setImmediate(resolve));
}

test("whoever wants to know is told of each page before the engine has it, and of every time again", async () => {
  const path = fake({ pages: 6, crashTwice: [3] });
  const told: string[] = [];
  const document = await start().openDocument(path, readOptions, {
    begin: async ({ alone }) => void told.push(`opening ${alone}`),
  });
  const pages = await collect(document, {
    begin: async (pageNumber, { alone }) => void told.push(`${pageNumber} ${alone}`),
  });
  assert.ok(pages.every(({ outcome }) => outcome === "recognized"));
  assert.equal(told[0], "opening false");
  assert.deepEqual(
    told.filter((entry) => entry.startsWith("3 ")),
    ["3 false", "3 true", "3 true"],
  );
  for (const pageNumber of [1, 2, 3, 4, 5, 6]) assert.ok(told.includes(`${pageNumber} false`));
});

test("a page that must not begin ends its reading, and no other", async () => {
  const started = start();
  const [refused, read] = await Promise.all([
    started.openDocument(fake({ pages: 6 }), readOptions),
    started.openDocument(fake({ pages: 6 }), readOptions),
  ]);
  const begin = async (pageNumber: number) => {
    if (pageNumber === 4) throw new Error("not this one");
  };
  const [first, second] = await Promise.allSettled([collect(refused, { begin }), collect(read)]);
  assert.equal(first.status === "rejected" && first.reason.message, "not this one");
  assert.equal(second.status === "fulfilled" && second.value.length, 6);
  await assert.rejects(
    started.openDocument(fake({ pages: 1 }), readOptions, {
      begin: () => Promise.reject(new Error("nor this")),
    }),
    { message: "nor this" },
  );
});

test("suspects of another engine are read first and alone; one crash more is the last", async () => {
  const document = await start().openDocument(fake({ pages: 6, crash: [5] }), readOptions, { crashCount: 0 });
  const told: string[] = [];
  const pages = await collect(document, {
    order: "finish",
    suspects: new Map([
      [5, 1],
      [2, 0],
    ]),
    begin: async (pageNumber, { alone }) => void told.push(`${pageNumber} ${alone}`),
  });
  assert.deepEqual(told.slice(0, 2), ["5 true", "2 true"]);
  assert.equal(deaths().length, 1);
  assert.deepEqual(
    outcomes(pages).filter(([, outcome]) => outcome !== "recognized"),
    [[5, "engine_crashed"]],
  );
});

test("a reading that is drained ends with the pages that were under way", async () => {
  const engine = start();
  const document = await engine.openDocument(fake({ pages: 100 }), readOptions);
  const begun = new Set<number>();
  const read: number[] = [];
  const begin = async (pageNumber: number) => void begun.add(pageNumber);
  for await (const page of document.pages({ order: "finish", begin })) {
    read.push(page.pageNumber);
    if (page.pageNumber === 10) document.drain();
  }
  assert.ok(read.length < 100);
  assert.deepEqual(new Set(read), begun);
});

test("an engine that somebody kills costs its pages nothing, unless it goes on for ever", {
  skip: process.platform !== "linux",
}, async () => {
  const spared = await start().openDocument(fake({ pages: 4, killed: { page: 2, times: 5 } }), readOptions);
  assert.ok((await collect(spared)).every(({ outcome }) => outcome === "recognized"));
  assert.equal(deaths().length, 5);
  const killed = await start().openDocument(fake({ pages: 4, killed: { page: 2, times: 99 } }), readOptions);
  assert.deepEqual(outcomes(await collect(killed)), [
    [1, "recognized"],
    [2, "engine_crashed"],
    [3, "recognized"],
    [4, "recognized"],
  ]);
});

test("who waits for a document to open can stop waiting", async () => {
  const stop = new AbortController();
  const begin = async () => stop.abort(new Error("enough"));
  const opening = start().openDocument(fake({ pages: 1, muteOnOpen: true }), readOptions, {
    begin,
    signal: stop.signal,
  });
  await assert.rejects(opening, { message: "enough" });
});
