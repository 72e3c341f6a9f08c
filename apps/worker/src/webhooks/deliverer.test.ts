import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { Webhook } from "standardwebhooks";
import { Office } from "./testing/office.ts";
import { Receiver } from "./testing/receiver.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

test("a document that has been read is told of, so that a receiver's library verifies it", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t);
  const { secret } = await office.webhook(receiver.url);
  await office.deliver();
  const documentId = await office.read();
  const [message] = await receiver.received(1);
  assert.ok(message);
  assert.equal(message.path, "/hook?key=1");
  assert.equal(message.headers["content-type"], "application/json");
  // Standard Webhooks' own library: it checks the signature, and that the time is of these minutes.
  const body = new Webhook(secret).verify(message.body, message.headers as Record<string, string>) as {
    readonly type: string;
    readonly timestamp: string;
    readonly data: Record<string, unknown>;
  };
  assert.deepEqual(Object.keys(body), ["type", "timestamp", "data"]);
  assert.equal(body.type, "document.completed");
  const { finishedAt, ...data } = body.data;
  assert.deepEqual(data, {
    ...{ documentId, status: "completed", pageCount: 2, pagesFailed: 0, errorCode: null },
    ...{ uncertainNumbers: 0, uncertainPages: [] },
  });
  assert.equal(finishedAt, body.timestamp);
  assert.ok(Math.abs(Date.now() - Date.parse(body.timestamp)) < 60_000);
  assert.deepEqual(await office.settled(1), ["delivered"]);
});
