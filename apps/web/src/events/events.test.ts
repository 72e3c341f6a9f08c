import assert from "node:assert/strict";
import { get, type IncomingMessage } from "node:http";
import { after, before, test } from "node:test";
import { page, startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { EventReader, type ReceivedEvent } from "../testing/eventReader.ts";
import { insertPages } from "../testing/insertPages.ts";
import { anotherOwnerId, pdf, Served } from "../testing/served.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** Of 2 KB each: more than what two kernels hold of a connection. */
const manyPages = 8_000;
const ofDocument = (status: string) => (event: ReceivedEvent) =>
  event.event === "document" && event.data.status === status;
const pagesIn = (events: readonly ReceivedEvent[]) =>
  events.filter(({ event }) => event === "page").map(({ data }) => data.pageNumber);

test("a document is told as it is read: its place, each page once and in order, its end", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const reader = await EventReader.open(t, served, `/api/documents/${id}/events`);
  assert.match(reader.response.headers["content-type"] ?? "", /^text\/event-stream/);
  assert.equal(reader.response.headers["cache-control"], "no-store");
  const [waiting] = await reader.until(ofDocument("queued"));
  assert.deepEqual([waiting?.data.id, waiting?.data.queuePosition], [id, 0]);
  const claim = await served.claim();
  await reader.until(ofDocument("processing"));
  await claim.describe({ pageCount: 3, contentType: "application/pdf", sha256: claim.sha256 ?? "" });
  const told: ReceivedEvent[] = [];
  for (const number of [1, 2, 3]) {
    await claim.savePage(page(number));
    told.push(
      ...(await reader.until(({ event, data }) => event === "document" && data.pagesDone === number)),
    );
  }
  await claim.finish(0.5);
  told.push(...(await reader.rest()));
  assert.deepEqual(pagesIn(told), [1, 2, 3]);
  assert.equal(told.findLast(({ event }) => event === "document")?.data.status, "completed");
  assert.equal(told.at(-1)?.event, "end");
  const ids = told.filter((event) => event.id !== null).map((event) => Number(event.id));
  assert.deepEqual(
    ids,
    ids.toSorted((one, other) => one - other),
  );
});

test("whoever comes back is told what came after the last event, and nothing twice", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const claim = await served.read([page(1), page(2)], 5);
  const first = await EventReader.open(t, served, `/api/documents/${id}/events`);
  assert.deepEqual(pagesIn(await first.until(ofDocument("processing"))), [1, 2]);
  first.close();
  for (const number of [3, 4]) await claim.savePage(page(number));
  const path = `/api/documents/${id}/events`;
  const second = await EventReader.open(t, served, path, { "Last-Event-ID": `${first.lastId}` });
  const missed = await second.until(ofDocument("processing"));
  assert.deepEqual(pagesIn(missed), [3, 4]);
  assert.equal(missed.at(-1)?.data.pagesDone, 4);
  const third = await EventReader.open(t, served, `${path}?lastEventId=${second.lastId}`);
  assert.deepEqual(pagesIn(await third.until(ofDocument("processing"))), []);
  await claim.savePage(page(5));
  await claim.finish(0.5);
  for (const reader of [second, third]) {
    const rest = await reader.rest();
    assert.deepEqual(pagesIn(rest), [5]);
    assert.equal(rest.at(-1)?.event, "end");
  }
});

test("a document at its end is told, and that there is nothing more", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  await (await served.read([page(1)])).finish(0.5);
  const reader = await EventReader.open(t, served, `/api/documents/${id}/events`);
  assert.deepEqual(
    (await reader.rest()).map(({ event }) => event),
    ["page", "document", "end"],
  );
});

test("a document of many pages is told whole to who comes late", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const pages = Array.from({ length: 450 }, (_, index) => page(index + 1));
  await (await served.read(pages)).finish(0.5);
  const reader = await EventReader.open(t, served, `/api/documents/${id}/events`);
  const all = await reader.rest();
  assert.deepEqual(
    pagesIn(all),
    pages.map(({ pageNumber }) => pageNumber),
  );
  assert.equal(all.at(-1)?.event, "end");
});

test("many watch one document, and each is told all of it", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const claim = await served.claim();
  await claim.describe({ pageCount: 20, contentType: "application/pdf", sha256: claim.sha256 ?? "" });
  const readers: EventReader[] = [];
  for (let count = 0; count < 100; count++)
    readers.push(await EventReader.open(t, served, `/api/documents/${id}/events`));
  for (const reader of readers) await reader.until(ofDocument("processing"));
  for (let number = 1; number <= 20; number++) await claim.savePage(page(number));
  await claim.finish(0.5);
  for (const reader of readers)
    assert.deepEqual(
      pagesIn(await reader.rest()),
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
});

test("all documents are told to who watches all: new ones, changes, and those that are gone", async (t) => {
  const served = await Served.start(t, cluster);
  const two = [
    await EventReader.open(t, served, "/api/events"),
    await EventReader.open(t, served, "/api/events"),
  ];
  const id = await served.send(pdf(), "?filename=new.pdf");
  for (const reader of two) {
    const told = await reader.until(({ data }) => data.id === id);
    assert.equal(told.at(-1)?.data.filename, "new.pdf");
    assert.equal(told.at(-1)?.id, null);
  }
  await served.add(anotherOwnerId);
  await (await served.read([page(1)])).finish(0.5);
  const told = await Promise.all(two.map((reader) => reader.until(ofDocument("completed"))));
  await served.ask(`/api/documents/${id}`, { method: "DELETE" });
  const erased = await Promise.all(two.map((reader) => reader.until(({ event }) => event === "erased")));
  for (const events of [...told, ...erased]) assert.ok(events.every(({ data }) => data.id === id));
});

test("who watches a document that is deleted is told so", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const reader = await EventReader.open(t, served, `/api/documents/${id}/events`);
  await reader.until(ofDocument("queued"));
  await served.ask(`/api/documents/${id}`, { method: "DELETE" });
  const rest = await reader.rest();
  assert.deepEqual(rest.at(-1), { event: "erased", id: null, data: { id } });
});

test("what happens while nobody listens to the database is told all the same", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const claim = await served.claim();
  const reader = await EventReader.open(t, served, `/api/documents/${id}/events`);
  const all = await EventReader.open(t, served, "/api/events");
  await reader.until(ofDocument("processing"));
  const [{ killed } = { killed: 0 }] = await served.database.query<{ killed: number }>(
    `select count(pg_terminate_backend(pid))::int as killed from pg_stat_activity
     where datname = current_database() and application_name = 'quire listen' and query ilike 'listen quire_documents%'`,
  );
  assert.equal(killed, 1);
  await claim.describe({ pageCount: 1, contentType: "application/pdf", sha256: claim.sha256 ?? "" });
  await claim.savePage(page(1));
  await claim.finish(0.5);
  assert.deepEqual(pagesIn(await reader.rest()), [1]);
  await all.until(ofDocument("completed"));
});

test("a place in the queue that changes is told without a number of its own", async (t) => {
  const served = await Served.start(t, cluster);
  const first = await served.send();
  const second = await served.send();
  const reader = await EventReader.open(t, served, `/api/documents/${second}/events`);
  const [waiting] = await reader.until(ofDocument("queued"));
  assert.equal(waiting?.data.queuePosition, 1);
  await served.ask(`/api/documents/${first}/cancel`, { method: "POST" });
  const moved = (await reader.until(({ data }) => data.queuePosition === 0)).at(-1);
  assert.equal(moved?.id, null);
  assert.equal(moved?.data.revision, waiting?.data.revision);
});

test("what is no place to go on from is refused, and HEAD opens no stream", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const path = `/api/documents/${id}/events`;
  for (const [query, header] of [
    ["?lastEventId=x", undefined],
    ["?lastEventId=-1", undefined],
    ["", "x"],
    ["", "99999999999"],
  ] as const) {
    const response = await served.ask(path + query, header ? { headers: { "Last-Event-ID": header } } : {});
    assert.equal(response.status, 400);
  }
  assert.equal((await served.ask(path, { method: "HEAD" })).status, 200);
  assert.equal((await served.ask("/api/events", { method: "HEAD" })).status, 200);
  // Of another database, before this one: all is told, and nothing is lost.
  const reader = await EventReader.open(t, served, path, { "Last-Event-ID": "1000000" });
  const [told] = await reader.until(ofDocument("queued"));
  assert.equal(Number(told?.id), told?.data.revision);
});

test("only so many streams of an owner are open, and each gives its place back", async (t) => {
  const served = await Served.start(t, cluster);
  const readers: EventReader[] = [];
  for (let count = 0; count < 250; count++) readers.push(await EventReader.open(t, served, "/api/events"));
  const refused = await served.ask("/api/events");
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "10");
  assert.equal(((await refused.json()) as { code: string }).code, "too_many_watchers");
  readers[0]?.close();
  while ((await EventReader.open(t, served, "/api/events")).response.statusCode === 503);
});

test("a client that does not read holds up nobody, and is told all when it reads", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  await served.claim();
  const path = `/api/documents/${id}/events`;
  const opened = Promise.withResolvers<IncomingMessage>();
  const request = get({ port: served.port, host: "127.0.0.1", path, agent: false }, opened.resolve);
  t.after(() => request.destroy());
  const slow = await opened.promise;
  const quick = await EventReader.open(t, served, path);
  await quick.until(ofDocument("processing"));
  await insertPages(served.database, id, manyPages);
  const all = Array.from({ length: manyPages }, (_, index) => index + 1);
  assert.deepEqual(pagesIn(await quick.rest()), all);
  let received = "";
  for await (const chunk of slow.setEncoding("utf8")) received += chunk;
  const numbers = [...received.matchAll(/"pageNumber":(\d+)/g)].map(([, number]) => Number(number));
  assert.deepEqual(numbers, all);
  assert.match(received, /event: end/);
});

test("a server that leaves ends its streams, without saying that there is nothing more", async (t) => {
  const served = await Served.start(t, cluster);
  const id = await served.send();
  const reader = await EventReader.open(t, served, `/api/documents/${id}/events`);
  const all = await EventReader.open(t, served, "/api/events");
  await reader.until(ofDocument("queued"));
  await served.stopServer();
  const rest = [...(await reader.rest()), ...(await all.rest())];
  assert.ok(rest.every(({ event }) => event !== "end"));
  await served.startServer();
  const again = await EventReader.open(t, served, `/api/documents/${id}/events`, {
    "Last-Event-ID": `${reader.lastId}`,
  });
  await again.until(ofDocument("queued"));
});
