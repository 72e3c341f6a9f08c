import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { Office } from "./testing/office.ts";
import { hangs, Receiver } from "./testing/receiver.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

/** Longer than any test: whoever hangs does so to its end. */
const hour = 3_600_000;

const owner = (number: number) => `00000000-0000-4000-8000-${`${number}`.padStart(12, "0")}`;

/** So many owners whose receivers never answer, each with a document to be told of. */
async function dead(t: TestContext, office: Office, count: number): Promise<Receiver[]> {
  const receivers: Receiver[] = [];
  for (let number = 1; number <= count; number++) {
    const receiver = await Receiver.open(t, hangs);
    await office.webhook(receiver.url, undefined, owner(number));
    await office.read(owner(number));
    receivers.push(receiver);
  }
  return receivers;
}

const connected = (receivers: readonly Receiver[]) =>
  receivers.filter(({ connections }) => connections > 0).length;

test("while one target hangs, all that is for another one arrives; the hung one has one connection", async (t) => {
  const office = await Office.open(t, cluster);
  const [hung, fast] = [await Receiver.open(t, hangs), await Receiver.open(t)];
  const [theirs, ours] = [owner(1), owner(2)];
  await office.webhook(hung.url, undefined, theirs);
  await office.webhook(fast.url, undefined, ours);
  // The hung one's come first, more of them than there are places.
  for (let count = 0; count < 6; count++) await office.read(theirs);
  for (let count = 0; count < 6; count++) await office.read(ours);
  const deliverer = await office.deliver({ withinMs: hour });
  await fast.received(6);
  assert.deepEqual(await office.settled(6), Array(6).fill("delivered"));
  await hung.received(1);
  assert.equal(hung.messages.length, 1);
  assert.equal(hung.connections, 1);
  assert.deepEqual(deliverer.fill, { name: "webhook_deliveries", used: 1, limit: 4 });
  // What is done later, too.
  await office.read(ours);
  await fast.received(7);
});

test("several webhooks of an owner on one host are one target, and another owner's there is another", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t, hangs);
  for (const path of ["a", "b", "c"]) await office.webhook(`${receiver.url}&to=${path}`, undefined, owner(1));
  await office.webhook(`${receiver.url}&to=d`, undefined, owner(2));
  await office.read(owner(1));
  await office.read(owner(2));
  await office.deliver({ withinMs: hour });
  await receiver.received(2);
  assert.equal(receiver.connections, 2);
});

test("those that have failed, however many, leave half of the places to the others", async (t) => {
  const office = await Office.open(t, cluster);
  const receivers = await dead(t, office, 6);
  const fast = await Receiver.open(t);
  await office.webhook(fast.url, undefined, owner(7));
  await office.database.query(
    "select quire.delivery_failed(w.id, 'timeout', null) from webhooks w where w.owner_id <> $1",
    [owner(7)],
  );
  await office.timePasses();
  const deliverer = await office.deliver({ withinMs: hour });
  const hung = receivers.map((receiver) => receiver.received(1));
  await Promise.race(hung);
  for (let count = 0; count < 10; count++) await office.read(owner(7));
  await fast.received(10);
  await office.settled(10);
  while (connected(receivers) < 2) await Promise.race(receivers.map((receiver) => receiver.received(1)));
  assert.equal(connected(receivers), 2);
  assert.equal(deliverer.fill.used, 2);
});

test("what is for a target that fails is put off with it, and goes out at once when it is back", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t, (response) => response.writeHead(503).end());
  await office.webhook(receiver.url);
  for (let count = 0; count < 5; count++) await office.read();
  const deliverer = await office.deliver();
  // One is tried, and nothing more: the other four are not even fetched.
  assert.deepEqual(await office.settled(1), ["failed"]);
  await office.noted();
  const waiting = await office.database.query<{ priority: number; later: boolean }>(
    "select priority, start_after > now() as later from pgboss.job where name = 'webhook' and state < 'active'",
  );
  assert.equal(waiting.length, 5);
  assert.ok(waiting.every(({ priority, later }) => priority === -1 && later));
  // A document that is read meanwhile waits with them.
  await office.read();
  assert.equal(receiver.messages.length, 1);
  receiver.answering = (response) => response.writeHead(200).end();
  const [one] = await office.database.query<{ id: string }>(
    `update pgboss.job_common set start_after = now() where name = 'webhook' and id in (
       select id from pgboss.job where name = 'webhook' and state = 'created' limit 1
     ) returning id`,
  );
  assert.ok(one);
  deliverer.wake();
  await receiver.received(7);
  assert.equal(receiver.messages[1]?.headers["webhook-id"], one.id);
  await office.settled(7);
  assert.equal(office.outcomes.filter((outcome) => outcome === "delivered").length, 6);
  const [webhook] = await office.webhooks().list();
  assert.equal(webhook?.failingSince, null);
  assert.equal(webhook?.lastFailure?.status, 503);
});
