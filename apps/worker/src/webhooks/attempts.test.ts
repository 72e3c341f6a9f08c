import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, before, test } from "node:test";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { Webhook } from "standardwebhooks";
import { Office } from "./testing/office.ts";
import { accepts, hangs, Receiver } from "./testing/receiver.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const answers =
  (status: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end();

test("a delivery that failed is tried again: the same message, signed anew", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t, answers(500));
  const { secret } = await office.webhook(receiver.url);
  await office.deliver();
  await office.read();
  assert.deepEqual(await office.settled(1), ["failed"]);
  const [failing] = await office.webhooks().list();
  assert.deepEqual({ ...failing?.lastFailure, at: "" }, { error: "status", status: 500, at: "" });
  assert.ok(failing?.failingSince);
  await office.noted();
  const [retry] = await office.database.query(
    "select state, priority from pgboss.job where name = 'webhook'",
  );
  assert.deepEqual(retry, { state: "retry", priority: -1 });
  receiver.answering = accepts;
  await office.timePasses();
  assert.deepEqual(await office.settled(2), ["failed", "delivered"]);
  const [first, second] = receiver.messages;
  assert.ok(first && second);
  assert.equal(first.headers["webhook-id"], second.headers["webhook-id"]);
  assert.equal(first.body, second.body);
  for (const { body, headers } of receiver.messages)
    new Webhook(secret).verify(body, headers as Record<string, string>);
});

test("a redirect is not followed, and says so", async (t) => {
  const office = await Office.open(t, cluster);
  const other = await Receiver.open(t);
  const receiver = await Receiver.open(t, answers(307, { location: other.url }));
  await office.webhook(receiver.url);
  await office.deliver();
  await office.read();
  await office.settled(1);
  assert.deepEqual(other.messages, []);
  assert.equal((await office.webhooks().list())[0]?.lastFailure?.error, "redirected");
});

test("an answer's body is nobody's concern, slow, endless or cut", async (t) => {
  const office = await Office.open(t, cluster);
  const bodies = [
    (response: ServerResponse) => void response.writeHead(200).write("slow"),
    (response: ServerResponse) => {
      response.writeHead(200, { "content-type": "text/plain" });
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", pour);
      pour();
    },
    (response: ServerResponse) => {
      response.writeHead(200, { "content-length": 10 });
      response.write("cut", () => response.destroy());
    },
  ];
  const receiver = await Receiver.open(t);
  await office.webhook(receiver.url);
  await office.deliver({ withinMs: 3_600_000 });
  for (const [number, body] of bodies.entries()) {
    receiver.answering = body;
    await office.read();
    assert.equal((await office.settled(number + 1)).at(-1), "delivered");
    await receiver.until(({ connections }) => connections === 0);
  }
});

test("who does not answer in time has not received it, and is left alone", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t, hangs);
  await office.webhook(receiver.url);
  await office.deliver({ withinMs: 300 });
  await office.read();
  assert.deepEqual(await office.settled(1), ["failed"]);
  assert.equal((await office.webhooks().list())[0]?.lastFailure?.error, "timeout");
  await receiver.until(({ connections }) => connections === 0);
});

test("who hangs up, or answers with no end of headers, has not received it", async (t) => {
  const office = await Office.open(t, cluster);
  const endless = (response: ServerResponse) => {
    const { socket } = response;
    const pour = () => {
      while (socket && !socket.destroyed && socket.write(`x-more: ${"x".repeat(1000)}\r\n`));
    };
    socket?.on("drain", pour);
    socket?.write("HTTP/1.1 200 OK\r\n");
    pour();
  };
  const receiver = await Receiver.open(t);
  await office.webhook(receiver.url);
  await office.deliver({ withinMs: 3_600_000 });
  const hangsUp = (response: ServerResponse) => void response.socket?.destroy();
  for (const [number, answering] of [hangsUp, endless].entries()) {
    receiver.answering = answering;
    await office.read();
    await office.timePasses();
    assert.equal((await office.settled(number + 1)).at(-1), "failed");
    assert.equal((await office.webhooks().list())[0]?.lastFailure?.error, "connection_failed");
    await receiver.until(({ connections }) => connections === 0);
  }
});

test("nothing listens there: it is tried again, and given up after the last time", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t);
  await office.webhook(receiver.url.replace(`${receiver.port}`, "1"));
  await office.deliver();
  await office.read();
  assert.deepEqual(await office.settled(1), ["failed"]);
  await office.noted();
  await office.database.query(
    "update pgboss.job_common set retry_count = retry_limit - 1 where name = 'webhook'",
  );
  await office.timePasses();
  assert.deepEqual(await office.settled(2), ["failed", "given_up"]);
  assert.equal((await office.webhooks().list())[0]?.lastFailure?.error, "connection_failed");
  await office.timePasses();
  const [left] = await office.database.query<{ waiting: number }>(
    "select count(*)::int as waiting from pgboss.job where name = 'webhook' and state < 'active'",
  );
  assert.equal(left?.waiting, 0);
});

test("who answers 410 is told nothing more, until a test arrives", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t, answers(410));
  const { id, secret } = await office.webhook(receiver.url);
  await office.read();
  await office.read();
  await office.deliver();
  assert.deepEqual(await office.settled(1), ["disabled"]);
  assert.equal((await office.webhooks().get(id)).disabledReason, "gone");
  await office.read();
  receiver.answering = accepts;
  const messageId = await office.webhooks().test(id);
  const [, told] = await receiver.received(2);
  assert.ok(told);
  assert.equal(told.headers["webhook-id"], messageId);
  const body = new Webhook(secret).verify(told.body, told.headers as Record<string, string>) as object;
  assert.deepEqual(
    { ...body, timestamp: "" },
    { type: "webhook.test", timestamp: "", data: { webhookId: id } },
  );
  // The other document's was dropped, by itself or with all that waited.
  while (!office.outcomes.includes("delivered")) await office.settled(office.outcomes.length + 1);
  assert.equal((await office.webhooks().get(id)).disabledReason, null);
  await office.read();
  await receiver.received(3);
});

test("who has failed for three days is told nothing more", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t, answers(503));
  const { id } = await office.webhook(receiver.url);
  await office.database.query(
    "update webhooks set failures = 20, failing_since = now() - interval '73 hours'",
  );
  await office.read();
  await office.deliver();
  assert.deepEqual(await office.settled(1), ["disabled"]);
  assert.equal((await office.webhooks().get(id)).disabledReason, "failing");
});

test("of a document that was erased, and to a webhook that was removed, nothing is sent", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t);
  const { id } = await office.webhook(receiver.url);
  const erased = await office.read();
  await office.erase(erased);
  await office.deliver();
  await office.read();
  assert.deepEqual(await office.settled(1), ["delivered"]);
  await office.webhooks().remove(id);
  await office.read();
  assert.equal(receiver.messages.length, 1);
  assert.ok(!receiver.messages[0]?.body.includes(erased));
});
