import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { loadConfig } from "@quire/core";
import { createLog } from "@quire/core/log";
import { HealthServer, type HealthServerOptions } from "./healthServer.ts";
import { Metrics } from "./metrics.ts";
import { sampleVitals } from "./testing/sampleVitals.ts";
import type { Vitals } from "./vitals.ts";

const token = "a token of more than 16 characters";
const log = await createLog(loadConfig({ LOG_LEVEL: "error", LOG_FORMAT: "json" }));

interface Served {
  readonly changed?: (now: Date) => Partial<Vitals>;
  readonly token?: string;
  readonly options?: Partial<HealthServerOptions>;
}

async function serve(context: TestContext, { changed, token: required = undefined, options }: Served = {}) {
  const server = await HealthServer.start({
    config: { host: "127.0.0.1", port: 0, token: required ?? null },
    vitals: () => sampleVitals(new Date(), changed?.(new Date())),
    metrics: new Metrics({ bounds: () => [] }),
    log,
    ...options,
  });
  context.after(() => server.close());
  const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return { server, ask };
}

const json = async (response: Response) => JSON.parse(await response.text());
const bearing = (given: string) => ({ headers: { Authorization: `Bearer ${given}` } });
const draining = () => ({ phase: "draining" as const });
const databaseNeverReached = () => ({ database: { reachedAt: null, awaySince: null } });

test("/health tells everything, in bytes, seconds, percent and ISO times", async (context) => {
  const { ask } = await serve(context);
  const response = await ask("/health");
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("x-powered-by"), null);
  const body = await json(response);
  assert.equal(body.status, "ok");
  assert.equal(body.uptimeSeconds, 3 * 3_600 + 12 * 60);
  assert.equal(body.memory.percent, 61.3);
  assert.equal(body.memory.usedBytes, 314 * 1024 * 1024);
  assert.equal(body.heap.worker.usedBytes, 21 * 1024 * 1024);
  assert.equal(body.heap.engine.limitBytes, 256 * 1024 * 1024);
  assert.deepEqual(body.engine.threads[1], { wasmBytes: 71 * 1024 * 1024, pages: 88 });
  assert.equal(body.engine.recycled, 6);
  assert.deepEqual(body.documents[0], {
    id: "0b5e2c4a-6f57-4b7b-8a59-5d1f6f1c9f01",
    lane: "large",
    claim: 2,
    pagesDone: 57,
    pageCount: 142,
  });
  assert.deepEqual(body.rates, { success: 0.9939, failure: 0.0061, retry: 0.018, stall: 0.006 });
  assert.deepEqual(body.restart, { jobsLeft: 43, hoursLeft: 8.8 });
  assert.equal(body.events.length, 6);
  for (const time of [body.startedAt, body.memory.since, body.events[0].at])
    assert.equal(new Date(time).toISOString(), time);
});

test("an engine that is off has no figures", async (context) => {
  const { ask } = await serve(context, {
    changed: (now) => {
      const { heap, engine } = sampleVitals(now);
      return { heap: { ...heap, engine: null }, engine: { ...engine, state: "off" } };
    },
  });
  const body = await json(await ask("/health"));
  assert.equal(body.heap.engine, null);
  assert.deepEqual([body.engine.state, body.engine.residentBytes, body.engine.threads], ["off", null, []]);
});

test("/health is 503 with the reason where only a fresh process helps; /ready then too", async (context) => {
  const { ask } = await serve(context, { changed: databaseNeverReached });
  const health = await ask("/health");
  assert.equal(health.status, 503);
  assert.deepEqual(
    (await json(health)).reasons.map(({ code }: { code: string }) => code),
    ["database_never_reached"],
  );
  assert.equal((await ask("/ready")).status, 503);
});

test("/ready is 503 while draining, and /health 200", async (context) => {
  const { ask } = await serve(context, { changed: draining });
  assert.equal((await ask("/health")).status, 200);
  const ready = await ask("/ready");
  assert.equal(ready.status, 503);
  const { status, ready: isReady, reasons } = await json(ready);
  assert.deepEqual([status, isReady, reasons[0].code], ["draining", false, "draining"]);
  assert.match(reasons[0].message, /leaving/);
});

test("with a token, strangers learn the status and nothing else", async (context) => {
  const { ask } = await serve(context, { token, changed: draining });
  const strangers = [
    {},
    bearing(""),
    bearing(token.slice(1)),
    bearing(`${token}x`),
    { headers: { Authorization: token } },
  ];
  for (const stranger of strangers) {
    const known = { status: "draining", reasons: [{ code: "draining" }] };
    for (const [path, status] of [
      ["/health", 200],
      ["/ready", 503],
    ] as const) {
      const response = await ask(path, stranger);
      assert.equal(response.status, status);
      assert.deepEqual(await json(response), known);
    }
    const refused = await ask("/metrics", stranger);
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get("www-authenticate"), "Bearer");
    assert.equal((await json(refused)).error.code, "unauthorized");
  }
});

test("with the token, everything is told", async (context) => {
  const { ask } = await serve(context, { token: "0123456789abcdef" });
  const known = bearing("0123456789abcdef");
  assert.equal((await json(await ask("/health", known))).documents.length, 2);
  assert.equal((await json(await ask("/ready", known))).ready, true);
  const metrics = await ask("/metrics", { headers: { authorization: "bearer 0123456789abcdef" } });
  assert.equal(metrics.status, 200);
  assert.match(metrics.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  assert.match(await metrics.text(), /^quire_ready 1$/m);
});

test("HEAD has the status of GET and no body", async (context) => {
  const { ask } = await serve(context, { changed: draining });
  for (const [path, status] of [
    ["/health", 200],
    ["/ready", 503],
    ["/metrics", 200],
  ] as const) {
    const response = await ask(path, { method: "HEAD" });
    assert.equal(response.status, status, path);
    assert.equal(await response.text(), "");
  }
});

test("other methods and other paths are refused as JSON", async (context) => {
  const { ask } = await serve(context);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
    const response = await ask("/health", { method });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), "GET, HEAD");
    assert.equal((await json(response)).error.code, "method_not_allowed");
  }
  for (const path of ["/", "/healthz", "/health/more", "/%", "/..%2f..%2fetc/passwd", "/metrics.json"]) {
    const response = await ask(path);
    assert.equal(response.status, 404, path);
    assert.equal((await json(response)).error.code, "not_found");
  }
  assert.equal((await ask("/health?verbose=1&x[]=2")).status, 200);
});

test("a fault inside is told without where it came from", async (context) => {
  const { ask } = await serve(context, {
    changed: () => {
      throw new Error("secret of the inside");
    },
  });
  for (const path of ["/health", "/ready", "/metrics"]) {
    const response = await ask(path);
    assert.equal(response.status, 500);
    const body = await response.text();
    assert.equal(JSON.parse(body).error.code, "internal_error");
    assert.doesNotMatch(body, /secret|\.js/);
  }
});

test("a port that is taken is told with what to do", async (context) => {
  const { server } = await serve(context);
  const config = { host: "127.0.0.1", port: server.port, token: null };
  await assert.rejects(serve(context, { options: { config } }), {
    code: "port_in_use",
    message: new RegExp(`^Port ${server.port} of 127\\.0\\.0\\.1 is in use\\. .*PORT`),
  });
});

test("an address that is not this machine's is a matter of configuration", async (context) => {
  // Of the range for documentation (RFC 5737): nobody's.
  const config = { host: "192.0.2.1", port: 0, token: null };
  await assert.rejects(serve(context, { options: { config } }), {
    code: "invalid_configuration",
    message: /EADDRNOTAVAIL.*HOST/,
  });
});

const hasty = { headersMs: 50, requestMs: 100, idleMs: 60_000, checkEveryMs: 20 };

test("clients that never finish their request are closed", async (context) => {
  const { server } = await serve(context, { options: { clientLimits: hasty } });
  for (const sent of ["", "GET /hea", "GET /health HTTP/1.1\r\nHost: x\r\n"]) {
    const client = connect(server.port, "127.0.0.1");
    client.write(sent);
    const answer = await text(client);
    assert.match(answer, /^(HTTP\/1\.1 408 |$)/, JSON.stringify(sent));
  }
});

test("clients that only hold a connection open are closed", async (context) => {
  const patient = { ...hasty, headersMs: 60_000, requestMs: 60_000, idleMs: 50 };
  const { server } = await serve(context, { options: { clientLimits: patient } });
  const client = connect(server.port, "127.0.0.1");
  assert.equal(await text(client), "");
});

test("a header longer than any token is refused", async (context) => {
  const { ask } = await serve(context, { token });
  assert.equal((await ask("/health", bearing("x".repeat(20_000)))).status, 431);
});

test("more connections than the bound are turned away, and taken again later", async (context) => {
  const { server, ask } = await serve(context);
  const { limit } = server.connections;
  const held = [];
  for (let count = 0; count < limit; count++) {
    const client = connect(server.port, "127.0.0.1");
    await once(client, "connect");
    // Answered, so that the server has it and keeps it.
    client.write("HEAD /ready HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(client, "data");
    held.push(client);
  }
  assert.deepEqual(server.connections, { name: "http_connections", used: limit, limit });
  await assert.rejects(ask("/ready"));
  for (const client of held) client.destroy();
  while (server.connections.used > 0) await new Promise((resolve) => setImmediate(resolve));
  const again = connect(server.port, "127.0.0.1");
  again.end("GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  assert.match(await text(again), /^HTTP\/1\.1 200 /);
});

test("closing ends what is idle, half asked and kept alive", async (context) => {
  const { server, ask } = await serve(context);
  await (await ask("/ready")).text();
  const silent = connect(server.port, "127.0.0.1");
  const half = connect(server.port, "127.0.0.1");
  half.write("GET /health HTTP/1.1\r\n");
  await Promise.all([once(silent, "connect"), once(half, "connect")]);
  const ended = Promise.all([text(silent), text(half)].map((reading) => reading.catch(() => "")));
  await server.close();
  await ended;
  await assert.rejects(ask("/ready"));
  await server.close();
});
