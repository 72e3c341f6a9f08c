import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { codeOf, rawRequest } from "./testing/rawRequest.ts";
import { pdf, Served } from "./testing/served.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

test("only this machine's own names and addresses are served, on any port", async (t) => {
  const { port } = await Served.start(t, cluster);
  for (const host of ["localhost", `localhost:${port}`, "127.0.0.1:1", "[::1]:8080", "LocalHost:9"]) {
    const answer = await rawRequest(port, "/api/documents", { headers: { Host: host } });
    assert.equal(answer.status, 200, host);
  }
  const strangers = [
    "evil.example",
    "evil.example:8080",
    "192.168.0.1",
    "localhost.evil.example",
    "localhost@evil.example",
  ];
  for (const host of [...strangers, "127.0.0.1.nip.io:8080", "0.0.0.0:8080", "localhost:1:2", "[::1", " "]) {
    for (const path of ["/", "/api/documents", "/api/events", "/nothing"]) {
      const answer = await rawRequest(port, path, { headers: { Host: host } });
      assert.equal(answer.status, 421, `${host} ${path}`);
      assert.equal(codeOf(answer), "forbidden_host");
    }
  }
});

test("an address with a host of its own is none of ours", async (t) => {
  const { port } = await Served.start(t, cluster);
  const targets = [
    "http://evil.example/api/documents",
    "http://localhost/api/documents",
    "*",
    "/ HTTP/1.1\r\nHost: ",
  ];
  for (const target of targets) {
    const client = connect(port, "127.0.0.1");
    client.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    assert.match(await text(client), /^HTTP\/1\.1 (400|421) /, target);
  }
});

test("another site's page can neither change anything nor read along", async (t) => {
  const served = await Served.start(t, cluster);
  const { port } = served;
  const id = await served.send();
  const elsewhere: Record<string, string>[] = [
    { Origin: "http://evil.example" },
    { Origin: "null" },
    { Origin: `http://127.0.0.1:${port + 1}` },
    { Origin: `https://127.0.0.1:${port}` },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" },
  ];
  for (const headers of elsewhere) {
    for (const [method, path] of [
      ["POST", "/api/documents"],
      ["DELETE", `/api/documents/${id}`],
      ["POST", `/api/documents/${id}/cancel`],
      ["POST", "/api/uploads"],
      ["OPTIONS", "/api/uploads"],
    ] as const) {
      const answer = await rawRequest(port, path, { method, headers });
      assert.deepEqual([answer.status, codeOf(answer)], [403, "cross_site_request"], JSON.stringify(headers));
    }
  }
  for (const mode of ["no-cors", "cors", "websocket"]) {
    const headers = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode };
    assert.equal((await rawRequest(port, `/api/documents/${id}/original`, { headers })).status, 403);
  }
  const framed = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe" };
  assert.equal((await rawRequest(port, "/api/documents", { headers: framed })).status, 403);
  assert.equal((await served.getDocument(id)).status, "queued");
});

test("our own page, a link that is followed and a program are let in", async (t) => {
  const { port } = await Served.start(t, cluster);
  const own = { Origin: `http://127.0.0.1:${port}`, "Sec-Fetch-Site": "same-origin" };
  const sent = await rawRequest(port, "/api/documents", {
    method: "POST",
    headers: own,
    body: String(pdf()),
  });
  assert.equal(sent.status, 201);
  const byName = { Host: `localhost:${port}`, Origin: `http://localhost:${port}` };
  const again = await rawRequest(port, "/api/documents", {
    method: "POST",
    headers: byName,
    body: String(pdf()),
  });
  assert.equal(again.status, 201);
  const followed = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
  };
  assert.equal((await rawRequest(port, "/api/documents", { headers: followed })).status, 200);
});

test("where people sign in the page may ask the project that they sign in to, and nobody else", async (t) => {
  const SUPABASE_URL = "https://a-project.supabase.co";
  const { ask } = withAsk(
    await Served.start(t, cluster, { env: { SUPABASE_URL, SUPABASE_ANON_KEY: "anon-key" } }),
  );
  const policy = (await ask("/api/settings")).headers.get("content-security-policy") ?? "";
  assert.ok(policy.split(";").includes(`connect-src 'self' ${SUPABASE_URL}`), policy);
  assert.deepEqual(policy.match(/https?:[^ ;]*/g), [SUPABASE_URL]);
});

test("every answer forbids the browser what it does not need, sets no cookie and is not kept", async (t) => {
  const { ask } = withAsk(await Served.start(t, cluster, { pagesFolder: "/nowhere" }));
  for (const path of ["/", "/api/documents", "/api/documents/x", "/nothing", "/health"]) {
    const { headers } = await ask(path);
    const policy = headers.get("content-security-policy") ?? "";
    for (const directive of [
      "default-src 'self'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      assert.ok(policy.split(";").includes(directive), directive);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cache-control"), "no-store");
    for (const absent of [
      "set-cookie",
      "x-powered-by",
      "access-control-allow-origin",
      "strict-transport-security",
    ])
      assert.equal(headers.get(absent), null, absent);
  }
});

test("an address that others can reach is refused at the start, with the reason", async (t) => {
  for (const host of ["0.0.0.0", "::", "192.0.2.1", "example.com"])
    await assert.rejects(Served.start(t, cluster, { env: { HOST: host } }), {
      code: "invalid_configuration",
      message: /nobody signs in.*HOST to 127\.0\.0\.1/,
    });
  await Served.start(t, cluster, { env: { HOST: "localhost" } });
});

test("a port that is taken is told with what to do", async (t) => {
  const { port } = await Served.start(t, cluster);
  await assert.rejects(Served.start(t, cluster, { env: { PORT: `${port}` } }), {
    code: "port_in_use",
    message: new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is in use\\. .*WEB_PORT`),
  });
});

test("what is not there, and what cannot be asked for, is told as a problem", async (t) => {
  const { ask } = withAsk(await Served.start(t, cluster));
  for (const path of [
    "/api",
    "/api/documents/",
    "/api/Documents",
    "/..%2f..%2fetc/passwd",
    "/.env",
    "/assets/x.js",
    "/a//b",
  ]) {
    const response = await ask(path);
    assert.equal(response.status, 404, path);
    assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
    const problem = (await response.json()) as Record<string, unknown>;
    assert.deepEqual(problem, {
      type: "about:blank",
      title: "Not Found",
      status: 404,
      detail: "There is no such address. /api/openapi.json lists those of the API.",
      code: "not_found",
      retryable: false,
    });
  }
  for (const path of ["/api/documents/%zz", "/api/documents/%ff/text"])
    assert.deepEqual(await refusal(ask(path)), [400, "invalid_request"], path);
  for (const [method, path, allowed] of [
    ["PUT", "/api/documents", "GET, HEAD, POST"],
    ["PATCH", "/api/documents/x", "GET, HEAD, DELETE"],
    ["GET", "/api/uploads/x", "HEAD, PATCH, DELETE"],
    ["POST", "/api/settings", "GET, HEAD"],
    ["DELETE", "/api/documents/x/cancel", "POST"],
  ] as const) {
    const response = await ask(path, { method });
    assert.equal(response.headers.get("allow"), allowed);
    assert.deepEqual(await refusal(response), [405, "method_not_allowed"]);
  }
});

test("a parameter that is unknown, given twice or not as it must be is refused by name", async (t) => {
  const { ask } = withAsk(await Served.start(t, cluster));
  for (const [query, named] of [
    ["limit=abc", /limit must be a whole number from 1 to 200/],
    ["limit=0", /limit must/],
    ["limit=201", /limit must/],
    ["limit=-1", /limit must/],
    ["limit=1e2", /limit must/],
    ["limit=99999999999999999999", /limit must/],
    ["limit=", /limit must/],
    ["limit=5&limit=6", /limit is given more than once/],
    ["limit[]=5", /no parameter "limit\[\]"/],
    ["statu=queued", /no parameter "statu" here; known: status, after, limit/],
    ["status=done", /status must be one of uploaded, queued/],
    ["__proto__=1", /no parameter/],
    ["after=garbage", /./],
    [`after=${"x".repeat(201)}`, /after must be at most 200 characters/],
  ] as const) {
    const response = await ask(`/api/documents?${query}`);
    assert.equal(response.status, 400, query);
    const { code, detail } = (await response.json()) as { code: string; detail: string };
    assert.equal(code, "invalid_request");
    assert.match(detail, named);
  }
});

test("clients that never finish their request, or only hold a connection open, are closed", async (t) => {
  const hasty = { headersMs: 50, idleMs: 200, keepAliveMs: 100, checkEveryMs: 20 };
  const { port } = await Served.start(t, cluster, { clientLimits: hasty });
  for (const sent of ["", "GET /api/doc", "GET /health HTTP/1.1\r\nHost: localhost\r\n"]) {
    const client = connect(port, "127.0.0.1");
    client.write(sent);
    assert.match(await text(client), /^(HTTP\/1\.1 408 |$)/, JSON.stringify(sent));
  }
  // Byte by byte, without an end.
  const dripping = connect(port, "127.0.0.1");
  const drip = setInterval(() => dripping.write("X"), 5);
  dripping.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ");
  assert.match(await text(dripping).catch(() => ""), /^(HTTP\/1\.1 408 |$)/);
  clearInterval(drip);
});

test("headers beyond all measure are refused", async (t) => {
  const { port } = await Served.start(t, cluster);
  assert.equal(
    (await rawRequest(port, "/health", { headers: { "X-Long": "x".repeat(20_000) } })).status,
    431,
  );
  assert.equal((await rawRequest(port, `/${"x".repeat(20_000)}`)).status, 431);
});

test("the pages are one file for every view, and assets are kept for ever", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "quire-pages-"));
  await mkdir(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>Quire</title>");
  writeFileSync(join(folder, "assets", "index-1a2b.js"), "export {};");
  writeFileSync(join(folder, "favicon.svg"), "<svg/>");
  const { ask } = withAsk(await Served.start(t, cluster, { pagesFolder: folder }));
  for (const path of ["/", "/documents/0b5e2c4a-6f57-4b7b-8a59-5d1f6f1c9f01", "/ops", "/search?q=x"]) {
    const response = await ask(path);
    assert.deepEqual([response.status, response.headers.get("cache-control")], [200, "no-cache"]);
    assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
    assert.match(await response.text(), /Quire/);
  }
  const asset = await ask("/assets/index-1a2b.js");
  assert.equal(asset.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.match(asset.headers.get("content-type") ?? "", /^text\/javascript/);
  assert.equal((await ask("/favicon.svg")).headers.get("cache-control"), "no-cache");
  for (const path of [
    "/assets/missing.js",
    "/assets/",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/index.htm",
    "/ops/x",
  ])
    assert.equal((await ask(path)).status, 404, path);
});

test("pages that were not built are said not to be there", async (t) => {
  const { ask } = withAsk(await Served.start(t, cluster, { pagesFolder: "/nowhere" }));
  const response = await ask("/");
  assert.equal(response.status, 503);
  const { code, detail } = (await response.json()) as { code: string; detail: string };
  assert.equal(code, "pages_not_built");
  assert.match(detail, /npm run build/);
  assert.equal((await ask("/api/documents")).status, 200);
});

test("a server that is closed ends what is idle and what is half asked", async (t) => {
  const served = await Served.start(t, cluster);
  await (await served.ask("/health")).text();
  const half = connect(served.port, "127.0.0.1");
  half.write("GET /health HTTP/1.1\r\n");
  const ended = text(half).catch(() => "");
  await served.stopServer();
  await ended;
});

test("it is ready while the database answers", async (t) => {
  const own = await startMigratedCluster();
  const served = await Served.start(t, own);
  assert.deepEqual(await (await served.ask("/health")).json(), { status: "ok" });
  assert.deepEqual(await (await served.ask("/ready")).json(), { status: "ok" });
  await own.stop();
  assert.equal((await served.ask("/health")).status, 200);
  assert.equal((await served.ask("/ready")).status, 503);
  const away = await served.ask("/api/documents");
  assert.equal(away.headers.get("retry-after"), "10");
  assert.deepEqual(await refusal(away), [503, "database_unavailable"]);
});

function withAsk(served: Served) {
  return { ask: served.ask.bind(served) };
}

async function refusal(answer: Response | Promise<Response>): Promise<[number, string]> {
  const response = await answer;
  return [response.status, ((await response.json()) as { code: string }).code];
}
