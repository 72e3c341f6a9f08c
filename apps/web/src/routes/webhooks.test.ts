import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { Issuer } from "../testing/issuer.ts";
import { Served } from "../testing/served.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"];
const url = "https://hooks.example/ann";

const add = (served: Served, body: unknown) =>
  served.ask("/api/webhooks", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const list = async (served: Served) => await (await served.ask("/api/webhooks")).text();
const codeIn = async (response: Response) => ((await response.json()) as { code: string }).code;

test("a webhook is added, told its secret once, listed, tested and removed", async (t) => {
  const served = await Served.start(t, cluster);
  const added = await add(served, { url, events: ["document.failed"] });
  assert.equal(added.status, 201);
  const { webhook, secret } = (await added.json()) as { webhook: { id: string }; secret: string };
  assert.match(secret, /^whsec_/);
  const listed = await list(served);
  assert.deepEqual(JSON.parse(listed), { webhooks: [webhook] });
  assert.ok(!listed.includes(secret.slice("whsec_".length)));
  const tested = await served.ask(`/api/webhooks/${webhook.id}/test`, { method: "POST" });
  const { messageId } = (await tested.json()) as { messageId: string };
  const jobs = await served.database.query("select id from pgboss.job where name = 'webhook'");
  assert.deepEqual(jobs, [{ id: messageId }]);
  assert.equal((await served.ask(`/api/webhooks/${webhook.id}`, { method: "DELETE" })).status, 204);
  assert.deepEqual(JSON.parse(await list(served)), { webhooks: [] });
});

test("what is no webhook is refused, and the body says why", async (t) => {
  const served = await Served.start(t, cluster);
  for (const body of [
    "",
    "{",
    "[]",
    { events: [] },
    { url: 1 },
    { url, secret: "mine" },
    { url, events: ["all"] },
  ]) {
    const response = await add(served, body);
    assert.equal(response.status, 400, JSON.stringify(body));
    assert.equal(await codeIn(response), "invalid_request");
  }
  for (const body of [{ url: "http://127.0.0.1/" }, { url: "https://10.0.0.1/" }, { url, events: [] }]) {
    const response = await add(served, body);
    assert.equal(response.status, 422, JSON.stringify(body));
    assert.equal(await codeIn(response), "invalid_webhook");
  }
  const endless = await add(served, { url: `https://hooks.example/${"x".repeat(1_000_000)}` });
  assert.equal(endless.status, 400);
  assert.deepEqual(JSON.parse(await list(served)), { webhooks: [] });
});

test("one's own network is allowed where the operator says so", async (t) => {
  const served = await Served.start(t, cluster, { env: { WEBHOOK_ALLOW_PRIVATE: "true" } });
  assert.equal((await add(served, { url: "http://127.0.0.1:9/" })).status, 201);
});

test("of another's webhook there is no telling that it exists", async (t) => {
  const issuer = await Issuer.start(t);
  const served = await Served.start(t, cluster, { env: issuer.env });
  assert.equal((await add(served, { url })).status, 401);
  served.token = await issuer.token(ann);
  const { webhook } = (await (await add(served, { url })).json()) as { webhook: { id: string } };
  served.token = await issuer.token(ben);
  assert.deepEqual(JSON.parse(await list(served)), { webhooks: [] });
  const acts = [
    [`/api/webhooks/${webhook.id}`, "DELETE"],
    [`/api/webhooks/${webhook.id}/test`, "POST"],
  ] as const;
  for (const [path, method] of acts) assert.equal((await served.ask(path, { method })).status, 404, path);
  served.token = await issuer.token(ann);
  for (const [path, method] of acts.toReversed()) assert.ok((await served.ask(path, { method })).ok, path);
});
