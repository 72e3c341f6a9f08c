import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Statements } from "../database.ts";
import { claimed, finishOne, owner, page, read, Store } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { OwnedWebhooks } from "./ownedWebhooks.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];
const denied = { code: "42501" };
const url = "https://hooks.example/ann?key=1";
const of = (database: Statements, ownerId: string) =>
  new OwnedWebhooks(database, ownerId, { allowPrivate: false });

const user = (store: Store, userId: string) =>
  OwnedWebhooks.ofUser(store.database, { sub: userId, role: "authenticated" }, { allowPrivate: false });

interface Job {
  readonly data: {
    readonly type: string;
    readonly webhookId: string;
    readonly data: Record<string, unknown>;
  };
  readonly priority: number;
}

const jobs = (store: Store) =>
  store.rows<Job>("select data, priority from pgboss.job where name = 'webhook' order by created_on, id");
const types = async (store: Store) => (await jobs(store)).map(({ data }) => data.type);

test("a webhook is shown to its owner, its secret once", async (t) => {
  const store = await Store.open(t, cluster);
  const { webhook, secret } = await of(store.database, ann).add({ url, events: ["document.failed"] });
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.deepEqual(await of(store.database, ann).list(), [webhook]);
  assert.deepEqual(
    { ...webhook, id: "", createdAt: "" },
    {
      id: "",
      url,
      events: ["document.failed"],
      disabledReason: null,
      createdAt: "",
      failingSince: null,
      lastFailure: null,
    },
  );
  assert.ok(!JSON.stringify(webhook).includes(secret));
  assert.deepEqual(await of(store.database, ben).list(), []);
  await assert.rejects(of(store.database, ben).get(webhook.id), { code: "webhook_not_found" });
  await assert.rejects(of(store.database, ben).remove(webhook.id), { code: "webhook_not_found" });
  await assert.rejects(of(store.database, ben).test(webhook.id), { code: "webhook_not_found" });
  await assert.rejects(of(store.database, ann).get("1 or 1"), { code: "webhook_not_found" });
});

test("what cannot be a webhook is refused, by us and by the database", async (t) => {
  const store = await Store.open(t, cluster);
  const webhooks = of(store.database, ann);
  for (const events of [[], ["document.read"], ["document.failed", "x"]])
    await assert.rejects(webhooks.add({ url, events: events as [] }), { code: "invalid_webhook" });
  await assert.rejects(webhooks.add({ url: "http://127.0.0.1/" }), { code: "invalid_webhook" });
  const insert =
    "insert into webhooks (id, owner_id, url, secret, events) values (gen_random_uuid(), $1, $2, $3, $4)";
  const [secret, events] = [`whsec_${"A".repeat(32)}`, ["document.failed"]];
  for (const [badUrl, badSecret, badEvents] of [
    ["ftp://a.example", secret, events],
    [`https://${"a".repeat(2048)}`, secret, events],
    [url, "whsec_short", events],
    [url, secret, []],
    [url, secret, ["document.read"]],
  ] as const)
    await assert.rejects(store.rows(insert, ann, badUrl, badSecret, badEvents), { code: "invalid_document" });
  await store.rows(insert, ann, url, secret, events);
});

test("an owner has ten at most, also when they come at the same time", async (t) => {
  const store = await Store.open(t, cluster);
  const added = await Promise.allSettled(
    Array.from({ length: 14 }, () => of(store.database, ann).add({ url })),
  );
  const refused = added.filter(({ status }) => status === "rejected");
  assert.deepEqual(
    refused.map((each) => (each as PromiseRejectedResult).reason.code),
    Array(4).fill("too_many_webhooks"),
  );
  await of(store.database, ben).add({ url });
  const [first] = await of(store.database, ann).list();
  await of(store.database, ann).remove(first?.id ?? "");
  await of(store.database, ann).add({ url });
});

test("signed-in users act on their own webhooks, and see no secret, whatever they say", async (t) => {
  const store = await Store.open(t, cluster);
  const { webhook } = await user(store, ann).add({ url });
  assert.deepEqual(await user(store, ann).list(), [webhook]);
  assert.deepEqual(await user(store, ben).list(), []);
  await assert.rejects(user(store, ben).get(webhook.id), { code: "webhook_not_found" });
  await assert.rejects(user(store, ben).remove(webhook.id), { code: "webhook_not_found" });
  await assert.rejects(user(store, ben).test(webhook.id), { code: "webhook_not_found" });
  // Past our own code.
  const asAnn = store.database.asUser({ sub: ann });
  assert.deepEqual(await store.database.asUser({ sub: ben }).query("select id from webhooks"), []);
  for (const statement of [
    "select secret from webhooks",
    "select * from webhooks",
    `insert into webhooks (id, owner_id, url, secret, events) values (gen_random_uuid(), '${ann}', '${url}',
       'whsec_${"A".repeat(32)}', array['document.failed'])`,
    "update webhooks set url = 'https://b.example'",
    "delete from webhooks",
    `select quire.add_webhook('${ben}', gen_random_uuid(), '${url}', 'whsec_${"A".repeat(32)}', array['document.failed'])`,
    `select quire.remove_webhook('${ann}', '${webhook.id}')`,
    `select quire.test_webhook('${ann}', '${webhook.id}')`,
    `select * from quire.begin_delivery('${webhook.id}', null, true)`,
    `select quire.delivery_failed('${webhook.id}', 'timeout', null)`,
    `select quire.drop_deliveries('${webhook.id}')`,
  ])
    await assert.rejects(asAnn.query(statement), denied, statement);
  await user(store, ann).test(webhook.id);
  await user(store, ann).remove(webhook.id);
  assert.deepEqual(await jobs(store), []);
});

/** Claims a new document and has it read, one page of two failed. */
async function readInPart(store: Store, ownerId = ann): Promise<string> {
  const id = await store.add({ ownerId, filename: "Befund Meier.pdf" });
  const claim = await claimed(await store.queue());
  await claim.describe({ pageCount: 2, contentType: "application/pdf", sha256: claim.sha256 ?? "" });
  await claim.savePage(page(1));
  await claim.savePage(page(2, { outcome: "failed", error: { code: "page_timeout", message: "Too slow." } }));
  await claim.finish(0.5);
  return id;
}

test("a finishing says how many numbers are to be checked, and where", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  await of(store.database, ann).add({ url });
  const box = { x: 1, y: 2, width: 3, height: 4 };
  const word = { text: "31", confidence: 60, uncertain: true, box, line: 0, block: 0 };
  const doubtful = { words: [word, word, { ...word, text: "mg" }] };
  await store.add();
  await finishOne(queue, [page(1, doubtful), page(2), page(3, { words: [word] })]);
  const toCheck = async () => {
    const { uncertainNumbers, uncertainPages } = (await jobs(store)).at(-1)?.data.data ?? {};
    return [uncertainNumbers, uncertainPages];
  };
  assert.deepEqual(await toCheck(), [3, [1, 3]]);

  await store.rows("delete from pgboss.job where name = 'webhook'");
  const many = Array.from({ length: 201 }, (_, index) => page(index + 1, doubtful));
  const id = await store.add({ options: { textLayer: "never" } });
  await finishOne(queue, many);
  const first200 = many.slice(0, 200).map(({ pageNumber }) => pageNumber);
  assert.deepEqual(await toCheck(), [402, first200]);
  const { uncertainNumbers, uncertainPages } = await store.documents.get(id);
  assert.deepEqual([uncertainNumbers, uncertainPages], [402, first200]);
});

test("each finishing is told of once to each webhook that wants it, with ids and figures only", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const { webhook } = await of(store.database, ann).add({ url });
  await of(store.database, ann).add({ url, events: ["document.failed"] });
  await of(store.database, ben).add({ url });
  const documentId = await readInPart(store);
  const [job] = await jobs(store);
  assert.ok(job);
  const { finishedAt, ...data } = job.data.data;
  const none = { uncertainNumbers: 0, uncertainPages: [] };
  assert.deepEqual(data, {
    documentId,
    status: "partial",
    pageCount: 2,
    pagesFailed: 1,
    ...none,
    errorCode: null,
  });
  assert.ok(finishedAt);
  assert.deepEqual(
    { ...job.data, timestamp: "", data: {} },
    { webhookId: webhook.id, documentId, type: "document.partial", timestamp: "", data: {} },
  );
  assert.ok(
    !JSON.stringify(await store.rows("select * from pgboss.job where name = 'webhook'")).includes("Meier"),
  );
  // Tried again: a finishing of its own.
  await store.documents.redrive(documentId);
  const again = await claimed(queue);
  await again.savePage(page(2));
  await again.finish(0.5);
  assert.deepEqual(await types(store), ["document.partial", "document.completed"]);
  // Both of Ann's want to know that.
  const failing = await store.add({ ownerId: ann });
  await (await claimed(queue)).fail("corrupt_file", "It cannot be opened.");
  const told = (await jobs(store)).filter(({ data }) => data.data.documentId === failing);
  assert.deepEqual(
    told.map(({ data }) => [data.type, data.data.errorCode]),
    Array(2).fill(["document.failed", "corrupt_file"]),
  );
});

test("what is no finishing is not told of", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  await of(store.database, ann).add({ url });
  // Cancelled while it waits, and while it is read; handed back; tried again after a failure.
  await store.documents.cancel(await store.add({ ownerId: ann }));
  const cancelled = await store.add({ ownerId: ann });
  const stale = await claimed(queue);
  await read(stale, 2, 1);
  await store.documents.cancel(cancelled);
  await assert.rejects(stale.fail("corrupt_file", "Too late."), { name: "ClaimLost" });
  await store.add({ ownerId: ann });
  const retried = await claimed(queue);
  await retried.retry("failure", "page_timeout", "Too slow.", 0);
  assert.deepEqual(await types(store), []);
  const claim = await claimed(queue);
  await read(claim, 2);
  // What is rolled back has not happened.
  await assert.rejects(
    store.database.transaction(async (session) => {
      await session.query("update documents set status = 'completed' where id = $1", [claim.documentId]);
      throw new Error("no");
    }),
  );
  assert.deepEqual(await types(store), []);
  await claim.finish(0.5);
  assert.deepEqual(await types(store), ["document.completed"]);
  // A reprocessing that is cancelled leaves what was there before, of which was told.
  await store.documents.reprocess(claim.documentId);
  await read(await claimed(queue), 2, 1);
  assert.equal(await store.documents.cancel(claim.documentId), "completed");
  assert.deepEqual(await types(store), ["document.completed"]);
});

test("no more than a thousand wait for one webhook, and all go with it", async (t) => {
  const store = await Store.open(t, cluster);
  const { webhook } = await of(store.database, ann).add({ url });
  const other = await of(store.database, ben).add({ url });
  await of(store.database, ben).test(other.webhook.id);
  const put =
    'select count(quire.put_delivery(w, \'{"type": "x"}\'))::int from webhooks w, generate_series(1, 1003) where w.id = $1';
  assert.equal(await store.value<number>(put, webhook.id), 1000);
  await assert.rejects(of(store.database, ann).test(webhook.id), { code: "webhook_busy" });
  await readInPart(store);
  assert.equal((await jobs(store)).length, 1001);
  await of(store.database, ann).remove(webhook.id);
  assert.deepEqual(
    (await jobs(store)).map(({ data }) => data.webhookId),
    [other.webhook.id],
  );
});

test("the queue is as it is made, and what waits for a webhook is found by an index", async (t) => {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const { retryLimit, retryDelay, retryBackoff, retryDelayMax, expireInSeconds } =
    (await queue.boss.getQueue("webhook")) ?? {};
  assert.deepEqual(
    { retryLimit, retryDelay, retryBackoff, retryDelayMax, expireInSeconds },
    { retryLimit: 17, retryDelay: 10, retryBackoff: true, retryDelayMax: 10_800, expireInSeconds: 60 },
  );
  const { webhook } = await of(store.database, ann).add({ url });
  await of(store.database, ann).test(webhook.id);
  const [job] =
    await store.rows(`select retry_limit, retry_delay, retry_backoff, retry_delay_max, expire_seconds,
    extract(epoch from keep_until - created_on)::int as kept, deletion_seconds, policy from pgboss.job where name = 'webhook'`);
  assert.deepEqual(job, {
    ...{ retry_limit: 17, retry_delay: 10, retry_backoff: true, retry_delay_max: 10_800, expire_seconds: 60 },
    ...{ kept: 604_800, deletion_seconds: 86_400, policy: "standard" },
  });
  const plan = await store.database.transaction(async (session) => {
    // Of so few rows it would not use one.
    await session.query("set local enable_seqscan = off");
    return session.query(`explain select from pgboss.job_common j
      where j.name = 'webhook' and j.state < 'active' and j.data ->> 'webhookId' = '${webhook.id}'`);
  });
  assert.match(JSON.stringify(plan), /quire_webhook_waiting/);
});
