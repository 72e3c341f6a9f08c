import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { HealthProber } from "./healthProber.ts";

/** Asks a server that answers with this until it has asked three times, the third of which is not answered. */
async function probe(status: number) {
  const third = Promise.withResolvers<void>();
  let asked = 0;
  const server = createServer((request, response) => {
    assert.equal(request.url, "/health");
    if (++asked < 3) response.writeHead(status).end("{}");
    else third.resolve();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const prober = new HealthProber((server.address() as AddressInfo).port);
  await third.promise;
  const figures = prober.stop();
  server.closeAllConnections();
  server.close();
  return figures;
}

test("a worker is asked again and again, and its good answers are timed", async () => {
  const { answers, p50Ms, maxMs } = await probe(200);
  assert.equal(answers, 2);
  assert.ok((p50Ms ?? 0) > 0 && (maxMs ?? 0) >= (p50Ms ?? 0));
});

test("503 is no good answer", async () => {
  assert.equal((await probe(503)).answers, 0);
});
