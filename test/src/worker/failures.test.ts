import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { localOwnerId } from "@quire/core";
import { processTree } from "@quire/memory";
import { Installation, isAtEnd } from "./installation.ts";

const installation = await Installation.open();
after(() => installation.close());
const { documents, database } = installation;

test("a document that can never be read fails at once, with what to do", async () => {
  const host = installation.host("never");
  const id = await installation.add(Readable.from([Buffer.from("just text")]), "note.txt");
  host.start();
  const failed = await installation.until(id, isAtEnd);
  assert.deepEqual([failed.status, failed.errorCode, failed.failures], ["failed", "unsupported_format", 0]);
  assert.match(failed.errorMessage ?? "", /plain text/);
  assert.equal((await documents.story(id)).length, 1);
  assert.equal(await host.stop(), 0);
});

test("what may go better is tried three times, then it is a dead letter that can be put back", async () => {
  const host = installation.host("thrice");
  const id = await installation.addFake({ pages: 3 });
  const key = `${localOwnerId}/${id}/original`;
  const content = await (await installation.files.open(key)).toArray();
  await installation.files.delete(key);
  host.start();
  const failed = await installation.untilEnd(id);
  assert.deepEqual([failed.status, failed.errorCode, failed.failures], ["failed", "file_missing", 3]);
  assert.deepEqual(
    (await documents.story(id)).map(({ code }) => code),
    ["file_missing", "file_missing", "file_missing"],
  );
  assert.deepEqual(
    (await documents.deadLetters(10)).map((letter) => letter.id).filter((letter) => letter === id),
    [id],
  );

  await installation.files.put(key, Readable.from(content));
  await documents.redrive(id);
  assert.equal((await installation.until(id, isAtEnd)).status, "completed");
  assert.equal(await host.stop(), 0);
});

test("a file that is not the one that was sent is not read", async () => {
  const host = installation.host("changed");
  const id = await installation.addFake({ pages: 3 });
  await installation.files.put(`${localOwnerId}/${id}/original`, Readable.from([Buffer.from("other")]));
  host.start();
  assert.equal((await installation.untilEnd(id)).errorCode, "file_changed");
  assert.equal(await host.stop(), 0);
});

test("a document that does not move is taken off, and given up after the third time without a page", async () => {
  const host = installation.host("stalled", { NO_PROGRESS_MINUTES: "0.02", PAGE_TIMEOUT_SECONDS: "0.5" });
  // Nothing is heard of any page: neither that it is rendered, nor its end.
  const id = await installation.addFake({ pages: 2, mute: [1, 2] });
  host.start();
  const failed = await installation.untilEnd(id);
  assert.deepEqual([failed.status, failed.errorCode, failed.stalls], ["failed", "no_progress", 3]);
  await host.kill();
});

test("a page that kills the engine is failed, the document partial, its neighbours complete", async () => {
  const host = installation.host("guilty");
  const ids = [
    await installation.addFake({ pages: 9, crash: [4] }),
    await installation.addFake({ pages: 9, pageMs: 20 }),
    await installation.addFake({ pages: 9, pageMs: 20 }),
  ];
  host.start();
  const read = await Promise.all(ids.map((id) => installation.until(id, isAtEnd)));
  assert.deepEqual(
    read.map(({ status, pagesFailed, failures, stalls }) => [status, pagesFailed, failures, stalls]),
    [
      ["partial", 1, 0, 0],
      ["completed", 0, 0, 0],
      ["completed", 0, 0, 0],
    ],
  );
  assert.equal(await host.stop(), 0);
});

test("the same when it takes the whole worker with it, again and again", async () => {
  const host = installation.host("lethal");
  const lethal = await installation.addFake({ pages: 6, killWorker: [3], pageMs: 10 });
  const neighbour = await installation.addFake({ pages: 40, pageMs: 20 });
  let starts = 0;
  const ended = Promise.all([installation.until(lethal, isAtEnd), installation.until(neighbour, isAtEnd)]);
  let done = false;
  void ended.then(() => {
    done = true;
  });
  while (!done) {
    if (!host.isRunning) {
      host.start();
      starts++;
    }
    await delay(50);
  }
  const [guilty, spared] = await ended;
  assert.deepEqual([guilty.status, guilty.pagesFailed, guilty.failures, guilty.stalls], ["partial", 1, 0, 0]);
  assert.deepEqual([spared.status, spared.failures, spared.stalls], ["completed", 0, 0]);
  const [page] = await database.query<{ page_number: number; error_code: string }>(
    "select page_number, error_code from public.pages where document_id = $1 and outcome = 'failed'",
    [lethal],
  );
  assert.deepEqual(page, { page_number: 3, error_code: "engine_crashed" });
  // Killed from outside, as far as anybody can tell: ten times alone, and at most once in company.
  assert.ok(starts <= 12, `it took ${starts} workers`);
  assert.equal(await host.stop(), 0);
});

test("too many failed pages fail the document, and its good pages can be read", async () => {
  const host = installation.host("ratio", { MAX_FAILED_PAGE_RATIO: "0.3" });
  const id = await installation.addFake({ pages: 4, crash: [1, 2] });
  host.start();
  const failed = await installation.until(id, isAtEnd);
  assert.deepEqual([failed.status, failed.errorCode], ["failed", "too_many_failed_pages"]);
  const texts: string[] = [];
  for await (const { text } of documents.pages(id)) texts.push(text);
  assert.deepEqual(texts, ["", "", "page 3", "page 4"]);
  assert.equal(await host.stop(), 0);
});

test("an engine that hangs and so does not see that its worker is gone is ended by the next worker", async () => {
  const host = installation.host("hung", { PAGE_TIMEOUT_SECONDS: "600" });
  const id = await installation.addFake({ pages: 1, hang: [1] });
  host.start();
  while (!installation.begun(id).has(1)) await delay(20);
  const [engine] = processTree(host.pid).slice(1) as [number];
  host.signal("SIGKILL");
  while (host.isRunning) await delay(20);
  await documents.cancel(id);
  assert.ok(isThere(engine));
  host.start();
  while (isThere(engine)) await delay(20);
  assert.equal(await host.stop(), 0);
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
