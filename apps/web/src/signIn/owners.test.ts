import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { Readable } from "node:stream";
import { after, before, type TestContext, test } from "node:test";
import { page, startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { EventReader } from "../testing/eventReader.ts";
import { Issuer } from "../testing/issuer.ts";
import { rawRequest } from "../testing/rawRequest.ts";
import { pdf, Served } from "../testing/served.ts";
import { TusClient } from "../testing/tusClient.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"];
const operationsToken = "operations-token";
const tus = { "Tus-Resumable": "1.0.0" };

async function open(
  t: TestContext,
  env: Record<string, string> = {},
): Promise<{ served: Served; issuer: Issuer }> {
  const issuer = await Issuer.start(t);
  const served = await Served.start(t, cluster, { env: { ...issuer.env, ...env } });
  return { served, issuer };
}

interface Documented {
  readonly paths: Record<string, Record<string, { readonly operationId: string }>>;
}

/** Every operation that the server documents. */
async function operationsOf(served: Served): Promise<{ method: string; path: string }[]> {
  const { paths } = (await (await served.ask("/api/openapi.json")).json()) as Documented;
  return Object.entries(paths).flatMap(([path, of]) =>
    Object.keys(of).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

const openPaths = ["/api/settings", "/api/openapi.json", "/health", "/ready"];
const codeIn = async (response: Response) => ((await response.json()) as { code: string }).code;

test("without a token every operation on documents is refused, and says what to send", async (t) => {
  const { served, issuer } = await open(t);
  const expired = await issuer.token(ann, { exp: 1_000_000_000 });
  const wrong: [string | null, string, string][] = [
    [null, "sign_in_required", "Bearer"],
    ["Basic YTpi", "sign_in_required", "Bearer"],
    [`Bearer ${expired}`, "token_expired", 'Bearer error="invalid_token", error_description="expired"'],
    ["Bearer nonsense", "token_invalid", 'Bearer error="invalid_token"'],
    ["Bearer anon-key", "token_invalid", 'Bearer error="invalid_token"'],
  ];
  const id = randomUUID();
  for (const { method, path } of await operationsOf(served)) {
    if (path.startsWith("/api/operations")) continue;
    for (const [authorization, code, challenge] of wrong) {
      const response = await served.ask(path.replace("{id}", id).replace("{page}", "1"), {
        method,
        headers: { ...tus, ...(authorization && { Authorization: authorization }) },
      });
      const what = `${method} ${path} ${authorization}`;
      if (openPaths.includes(path)) {
        assert.equal(response.status, 200, what);
        continue;
      }
      assert.equal(response.status, 401, what);
      assert.equal(response.headers.get("WWW-Authenticate"), challenge, what);
      if (method !== "HEAD") assert.equal(await codeIn(response), code, what);
    }
  }
});

/** A document of Ann's that has been read, one that waits, and an upload under way: what there is to be got at. */
async function ofAnn(served: Served) {
  const id = await served.send(pdf(), "?filename=Anns%20secret.pdf");
  const claim = await served.claim();
  await claim.describe({ pageCount: 1, contentType: "application/pdf", sha256: claim.sha256 ?? "" });
  await served.files.put(claim.previewKey(1), Readable.from([Buffer.from("picture")]));
  await claim.savePage(page(1, { text: "Anns secret text" }), 7);
  await claim.finish(0.5);
  const waiting = await served.send();
  const { path: upload } = await new TusClient(served).create(2_000, { filename: "Anns secret.pdf" });
  return { id, waiting, upload };
}

/** All that is kept: rows, files, uploads. */
async function everything(served: Served): Promise<unknown> {
  const tables = ["documents", "pages", "page_contents", "erased_documents"].map(
    (name) => `(select json_agg(t order by t::text) from public.${name} t) as ${name}`,
  );
  const rows = await served.database.query(
    `select ${tables.join(", ")}, (select json_agg(j order by j.id) from pgboss.job j) as jobs`,
  );
  return [rows, readdirSync(served.folder, { recursive: true }).map(String).toSorted()];
}

test("of another's documents and uploads no operation tells or changes anything: there are none", async (t) => {
  const { served, issuer } = await open(t);
  served.token = await issuer.token(ann);
  const { id, waiting, upload } = await ofAnn(served);
  const before = await everything(served);
  served.token = await issuer.token(ben);
  const withId = (await operationsOf(served)).filter(
    ({ path }) => path.includes("{id}") && !path.startsWith("/api/operations"),
  );
  assert.ok(withId.length >= 14);
  for (const { method, path } of withId) {
    const ids = path.startsWith("/api/uploads") ? [upload.split("/").at(-1) ?? ""] : [id, waiting];
    for (const each of ids) {
      const type = method === "PATCH" ? { "Content-Type": "application/offset+octet-stream" } : {};
      const ask = (of: string) =>
        served.ask(path.replace("{id}", of).replace("{page}", "1"), {
          method,
          headers: { ...tus, ...type, "Upload-Offset": "0" },
          ...(method === "PATCH" && { body: new Uint8Array(pdf(2_000)) }),
        });
      const [theirs, nobodys] = [await ask(each), await ask(randomUUID())];
      assert.equal(theirs.status, 404, `${method} ${path}`);
      // As of what there never was, to the letter.
      assert.equal(await theirs.text(), await nobodys.text(), `${method} ${path}`);
    }
  }
  const found = [
    await (await served.ask("/api/documents")).json(),
    await (await served.ask("/api/search?q=secret")).json(),
    await (await served.ask(`/api/search?q=secret&document=${id}`)).json(),
  ];
  assert.deepEqual(found, [
    { documents: [], next: null },
    { hits: [], next: null },
    { hits: [], next: null },
  ]);
  assert.deepEqual(await everything(served), before);
});

test("an owner does all of it with their own, as where nobody signs in", async (t) => {
  const { served, issuer } = await open(t);
  served.token = await issuer.token(ann);
  const { id, waiting, upload } = await ofAnn(served);
  const of = `/api/documents/${id}`;
  for (const path of [
    of,
    `${of}/pages`,
    `${of}/pages/1`,
    `${of}/pages/1/preview`,
    `${of}/text`,
    `${of}/hocr`,
    `${of}/json`,
  ]) {
    const response = await served.ask(path);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get("Vary"), "Authorization");
    await response.arrayBuffer();
  }
  assert.equal((await (await served.ask(`${of}/original`)).arrayBuffer()).byteLength, 2_000);
  assert.match(
    await (await served.ask("/api/search?q=secr")).text(),
    /"documentId":"[^"]*","filename":"Anns secret/,
  );
  const act = async (path: string, method = "POST") => (await served.ask(path, { method })).status;
  assert.equal(await act(`/api/documents/${waiting}/cancel`), 200);
  assert.equal(await act(`/api/documents/${waiting}/retry`), 200);
  assert.equal(await act(`${of}/reprocess`), 200);
  assert.equal(await act(of, "DELETE"), 204);
  assert.equal(await act(of, "GET"), 410);
  const client = new TusClient(served);
  const sent = await client.send(upload, 0, pdf(2_000));
  assert.equal(sent.status, 204);
  const documentId = sent.headers.get("Quire-Document") ?? "";
  assert.equal((await served.getDocument(documentId)).filename, "Anns secret.pdf");
  const owners = await served.database.query("select distinct owner_id from public.documents");
  assert.deepEqual(owners, [{ owner_id: ann }]);
});

test("changes are told to their owner, until the token expires with which they are listened to", async (t) => {
  const { served, issuer } = await open(t);
  served.token = await issuer.token(ann);
  const bearer = async (of: string, exp?: number) => ({
    Authorization: `Bearer ${await issuer.token(of, exp === undefined ? {} : { exp })}`,
  });
  const anns = await EventReader.open(t, served, "/api/events", await bearer(ann));
  const bens = await EventReader.open(t, served, "/api/events", await bearer(ben));
  const id = await served.send();
  await anns.until(({ event, data }) => event === "document" && data.id === id);
  served.token = await issuer.token(ben);
  const bensId = await served.send();
  assert.deepEqual(
    new Set((await bens.until(({ data }) => data.id === bensId)).map(({ data }) => data.id)),
    new Set([bensId]),
  );

  const exp = Math.floor(Date.now() / 1000) + 2;
  const short = await EventReader.open(t, served, `/api/documents/${id}/events`, await bearer(ann, exp));
  const told = await short.rest();
  assert.ok(Date.now() >= exp * 1000);
  // Not told to be over: whoever listens comes back.
  assert.ok(told.length > 0 && told.every(({ event }) => event === "document"));
  anns.close();
  bens.close();
});

test("an upload that the queue had no room for becomes its owner's document when it is asked after", async (t) => {
  const { served, issuer } = await open(t);
  served.token = await issuer.token(ann);
  await served.send();
  const client = new TusClient(served);
  const { path, id } = await client.create(2_000, { filename: "late.pdf" });
  await served.documents.setLimits({ maxQueuedPerOwner: 1, maxQueued: 100 });
  assert.equal((await client.send(path, 0, pdf(2_000))).code, "owner_queue_full");
  await served.documents.setLimits({ maxQueuedPerOwner: 5, maxQueued: 100 });
  // By now with another token.
  served.token = await issuer.token(ann, { iat: 1 });
  assert.equal((await client.where(path)).headers.get("Quire-Document"), id);
  const [row] = await served.database.query("select owner_id from public.documents where id = $1", [id]);
  assert.deepEqual(row, { owner_id: ann });
});

test("how the workers stand is for whoever runs Quire: no user's token shows it, and no file's name is in it", async (t) => {
  const { served, issuer } = await open(t, { OPERATIONS_TOKEN: operationsToken });
  served.token = await issuer.token(ann);
  const id = await served.send(pdf(), "?filename=Anns%20secret.pdf");
  await (await served.claim()).fail("no_progress", "It stopped moving.");
  for (const path of ["/api/operations", "/api/operations/memory"]) {
    const ask = (token: string) => served.ask(path, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(await codeIn(await ask(served.token)), "unauthorized");
    assert.equal((await ask(operationsToken)).status, 200);
    if (path.endsWith("memory")) continue;
    const text = await (await ask(operationsToken)).text();
    assert.ok(text.includes(id) && !text.includes("secret"));
  }
  assert.equal((await served.getDocument(id)).filename, "Anns secret.pdf");
  const retry = (token: string) =>
    served.ask(`/api/operations/documents/${id}/retry`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
    });
  assert.equal(await codeIn(await retry(served.token)), "unauthorized");
  assert.equal((await served.getDocument(id)).status, "failed");
  assert.equal((await retry(operationsToken)).status, 204);
  assert.equal((await served.getDocument(id)).status, "queued");
});

test("without a token for it, nobody sees how the workers stand", async (t) => {
  const { served, issuer } = await open(t);
  for (const token of [await issuer.token(ann), "", "null"]) {
    const response = await served.ask("/api/operations", { headers: { Authorization: `Bearer ${token}` } });
    assert.deepEqual([response.status, await codeIn(response)], [403, "operations_closed"]);
  }
});

test("while nobody can be verified it is 503, and what needs no sign-in is answered", async (t) => {
  const { served, issuer } = await open(t);
  served.token = await issuer.token(ann);
  issuer.answer = (_request, response) => response.writeHead(500).end();
  const response = await served.ask("/api/documents");
  assert.deepEqual([response.status, response.headers.get("Retry-After")], [503, "10"]);
  assert.equal(await codeIn(response), "sign_in_unavailable");
  for (const path of openPaths) assert.equal((await served.ask(path)).status, 200, path);
});

test("where people sign in, the server answers under any name", async (t) => {
  const { served, issuer } = await open(t);
  const headers = { Host: "quire.example.org", Authorization: `Bearer ${await issuer.token(ann)}` };
  assert.equal((await rawRequest(served.port, "/api/documents", { headers })).status, 200);
  const fromElsewhere = { ...headers, Origin: "https://quire.example.org", "Sec-Fetch-Site": "same-site" };
  assert.equal((await rawRequest(served.port, "/api/documents", { headers: fromElsewhere })).status, 200);
});

test("the server listens where others reach it exactly if people sign in", async (t) => {
  const issuer = await Issuer.start(t);
  // Of no machine (RFC 5737): nothing is opened, but it is tried where it may be.
  const HOST = "192.0.2.1";
  const nobodySignsIn = { code: "invalid_configuration", message: /nobody signs in.*SUPABASE_ANON_KEY/ };
  await assert.rejects(Served.start(t, cluster, { env: { HOST } }), nobodySignsIn);
  await assert.rejects(Served.start(t, cluster, { env: { HOST, SUPABASE_URL: issuer.url } }), nobodySignsIn);
  await assert.rejects(Served.start(t, cluster, { env: { HOST, ...issuer.env } }), {
    code: "invalid_configuration",
    message: /^(?!.*nobody signs in).*192\.0\.2\.1/,
  });
});
