import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { Office } from "./testing/office.ts";
import { accepts, hangs, Receiver } from "./testing/receiver.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const program = fileURLToPath(new URL("./testing/deliver.js", import.meta.url));

test("a worker that is killed while it delivers: the message comes again, with the same id", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t, hangs);
  await office.webhook(receiver.url);
  await office.read();
  const worker = spawn(process.execPath, [program, office.url], { stdio: "inherit" });
  t.after(() => worker.kill("SIGKILL"));
  await receiver.received(1);
  worker.kill("SIGKILL");
  await once(worker, "exit");
  receiver.answering = accepts;
  await office.deliver();
  // Nobody else may have it while it may still be under way.
  const [held] = await office.database.query<{ state: string }>(
    "select state from pgboss.job where name = 'webhook'",
  );
  assert.equal(held?.state, "active");
  await office.database.query(
    "update pgboss.job_common set started_on = now() - interval '61 s' where name = 'webhook'",
  );
  await office.database.query("update pgboss.queue set monitor_on = null, monitor_claim_on = null");
  await office.queue.boss.supervise("webhook");
  await office.timePasses();
  await receiver.received(2);
  assert.deepEqual(await office.settled(1), ["delivered"]);
  const [first, second] = receiver.messages;
  assert.equal(first?.headers["webhook-id"], second?.headers["webhook-id"]);
  assert.equal(first?.body, second?.body);
});

test("a worker that stops breaks off what is under way, and holds it against nobody", async (t) => {
  const office = await Office.open(t, cluster);
  const receiver = await Receiver.open(t, hangs);
  await office.webhook(receiver.url);
  await office.read();
  const deliverer = await office.deliver({ withinMs: 3_600_000 });
  await receiver.received(1);
  await deliverer.close();
  assert.deepEqual(office.outcomes, []);
  const [webhook] = await office.webhooks().list();
  assert.equal(webhook?.failingSince, null);
  receiver.answering = accepts;
  await office.deliver();
  await office.timePasses();
  await receiver.received(2);
  assert.deepEqual(await office.settled(1), ["delivered"]);
});
