import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { after, before, type TestContext, test } from "node:test";
import { WorkerRecords } from "@quire/store";
import { page, startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { Ajv2020 } from "ajv/dist/2020.js";
import { webApp } from "../app.ts";
import { expressPath, type Services } from "../routes/route.ts";
import { apiRoutes } from "../routes/routes.ts";
import { Issuer } from "../testing/issuer.ts";
import { pdf, Served } from "../testing/served.ts";
import { openApi } from "./openApi.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

interface Documented {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly responses: Record<
    string,
    { content?: Record<string, { schema?: object }>; headers?: Record<string, object> }
  >;
}
interface OpenApi {
  readonly paths: Record<string, Record<string, Documented>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const document = () => openApi(apiRoutes("0"), "0") as OpenApi;

test("every address that the server knows is in the document, and no other", () => {
  const app = webApp(apiRoutes("0"), { callers: { signsIn: false } } as Services, "/nowhere");
  const served = app.router.stack.flatMap(({ route }) => {
    const { path = "", methods = {} } = (route ?? {}) as { path?: string; methods?: Record<string, boolean> };
    const [method, ...others] = Object.keys(methods);
    // What refuses all other methods is no operation.
    return method === undefined || others.length > 0 ? [] : [`${method} ${path}`];
  });
  const documented = operations().map(({ method, path }) => `${method} ${expressPath(path)}`);
  assert.deepEqual(documented.toSorted(), served.toSorted());
});

test("every operation has a name of its own, and every reference leads somewhere", () => {
  const names = operations().map(({ operation }) => operation.operationId);
  assert.equal(new Set(names).size, names.length);
  const text = JSON.stringify(document());
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name ?? "",
  );
  assert.ok(references.length > 0);
  for (const name of references) assert.ok(name in document().components.schemas, name);
  assert.equal(text.match(/"\$ref":/g)?.length, references.length);
});

interface Asked {
  readonly path: string;
  readonly init?: RequestInit;
  readonly status: number;
}

const operationsToken = "operations-token";
const tus = { "Tus-Resumable": "1.0.0" };
const bytes = { "Content-Type": "application/offset+octet-stream" };
const body = (content = pdf()) => new Uint8Array(content);

/** What each operation is asked, and what it is to answer: as it is meant, and as it is refused. */
async function questions(t: TestContext, served: Served): Promise<Record<string, Asked[]>> {
  const id = await served.send(pdf(), "?filename=Befund.pdf");
  const claim = await served.claim();
  await claim.describe({ pageCount: 3, contentType: "application/pdf", sha256: claim.sha256 ?? "" });
  await served.files.put(claim.previewKey(1), Readable.from([Buffer.from("picture")]));
  const error = { code: "page_timeout", message: "Too slow." } as const;
  await claim.savePage(page(1), 7);
  await claim.savePage(page(2, { outcome: "failed", error, meanConfidence: null, warnings: ["downscaled"] }));
  const finished = await served.send();
  await (await served.read([page(1)])).finish(0.5);
  const done = `/api/documents/${finished}`;
  const gaveUp = await served.send();
  const failing = await served.claim();
  await failing.fail("no_progress", "It stopped moving.");
  const toCancel = await served.send();
  const toErase = await served.send();
  const nobody = randomUUID();
  const worker = new WorkerRecords(served.database, "worker-1");
  await worker.record("started", null, { pid: 1 });
  await worker.sample(1_000, 2_000, {});
  const create = (sizeBytes: number) =>
    served.ask("/api/uploads", { method: "POST", headers: { ...tus, "Upload-Length": `${sizeBytes}` } });
  const upload = (await create(2_000)).headers.get("location") ?? "";
  const unwanted = (await create(2_000)).headers.get("location") ?? "";
  const content = pdf(2_000);
  const of = `/api/documents/${id}`;
  const post = { method: "POST" };
  const fromElsewhere = { ...post, headers: { Origin: "http://evil.example" } };
  const operator = { headers: { Authorization: `Bearer ${operationsToken}` } };
  const streaming = new AbortController();
  t.after(() => streaming.abort());
  return {
    listDocuments: [
      { path: "/api/documents", status: 200 },
      { path: "/api/documents?limit=1&status=queued", status: 200 },
      { path: "/api/documents?limit=x", status: 400 },
    ],
    addDocument: [
      { path: "/api/documents?force=1", init: { ...post, body: body(content) }, status: 201 },
      { path: "/api/documents", init: { ...post, body: body(content) }, status: 200 },
      { path: "/api/documents", init: { ...post, body: body(Buffer.from("hello")) }, status: 415 },
      { path: "/api/documents", init: { ...post, body: "" }, status: 422 },
      { path: "/api/documents?languages=xyz", init: { ...post, body: body() }, status: 422 },
      ...(served.token === null ? [{ path: "/api/documents", init: fromElsewhere, status: 403 }] : []),
    ],
    addStoredDocument: [
      {
        path: "/api/documents/stored",
        init: { ...post, body: JSON.stringify({ id, filename: "a" }) },
        status: 200,
      },
      { path: "/api/documents/stored", init: { ...post, body: "{}" }, status: 400 },
    ],
    getDocument: [
      { path: of, status: 200 },
      { path: `/api/documents/${gaveUp}`, status: 200 },
      { path: `/api/documents/${nobody}`, status: 404 },
    ],
    eraseDocument: [
      { path: `/api/documents/${toErase}`, init: { method: "DELETE" }, status: 204 },
      { path: `/api/documents/${nobody}`, init: { method: "DELETE" }, status: 404 },
    ],
    cancelDocument: [
      { path: `/api/documents/${toCancel}/cancel`, init: post, status: 200 },
      { path: `/api/documents/${toErase}/cancel`, init: post, status: 410 },
    ],
    retryDocument: [
      { path: `/api/documents/${toCancel}/retry`, init: post, status: 200 },
      { path: `${of}/retry`, init: post, status: 409 },
    ],
    reprocessDocument: [{ path: `${of}/reprocess`, init: post, status: 409 }],
    listPages: [{ path: `${of}/pages`, status: 200 }],
    getPage: [
      { path: `${of}/pages/1`, status: 200 },
      { path: `${of}/pages/2`, status: 200 },
      { path: `${of}/pages/3`, status: 404 },
    ],
    getPreview: [
      { path: `${of}/pages/1/preview`, status: 200 },
      { path: `${of}/pages/2/preview`, status: 404 },
    ],
    getText: [
      { path: `${of}/text`, status: 200 },
      { path: `/api/documents/${toCancel}/text`, status: 409 },
    ],
    getJson: [
      { path: `${of}/json`, status: 200 },
      { path: `${done}/json`, init: { headers: { Range: "bytes=0-9" } }, status: 206 },
    ],
    getNdjson: [
      { path: `${of}/ndjson`, status: 409 },
      { path: `${done}/ndjson`, status: 200 },
      { path: `/api/documents/${gaveUp}/ndjson`, status: 404 },
    ],
    getHocr: [
      { path: `${done}/hocr`, status: 200 },
      { path: `${done}/hocr`, init: { headers: { Range: "bytes=9999999-" } }, status: 416 },
    ],
    getAlto: [{ path: `${done}/alto`, status: 200 }],
    // Of what only passes for a PDF.
    getPdf: [{ path: `${done}/pdf`, status: 422 }],
    getOriginal: [
      { path: `${of}/original`, status: 200 },
      { path: `${of}/original`, init: { headers: { Range: "bytes=0-9" } }, status: 206 },
      { path: `${of}/original`, init: { headers: { Range: "bytes=9999999-" } }, status: 416 },
    ],
    watchDocument: [
      { path: `${of}/events`, init: { signal: streaming.signal }, status: 200 },
      { path: `${of}/events?lastEventId=x`, status: 400 },
    ],
    watchDocuments: [{ path: "/api/events", init: { signal: streaming.signal }, status: 200 }],
    describeUploads: [{ path: "/api/uploads", init: { method: "OPTIONS" }, status: 204 }],
    createUpload: [
      { path: "/api/uploads", init: { ...post, headers: { ...tus, "Upload-Length": "10" } }, status: 201 },
      {
        path: "/api/uploads",
        init: { ...post, headers: { ...tus, "Upload-Length": "99999999999" } },
        status: 413,
      },
      { path: "/api/uploads", init: post, status: 412 },
    ],
    continueUpload: [
      {
        path: upload,
        init: { method: "PATCH", headers: { ...tus, ...bytes, "Upload-Offset": "9" }, body: "x" },
        status: 409,
      },
      {
        path: upload,
        init: { method: "PATCH", headers: { ...tus, ...bytes, "Upload-Offset": "0" }, body: body() },
        status: 204,
      },
    ],
    askUpload: [
      { path: upload, init: { method: "HEAD", headers: tus }, status: 200 },
      { path: `/api/uploads/${nobody}`, init: { method: "HEAD", headers: tus }, status: 404 },
    ],
    removeUpload: [{ path: unwanted, init: { method: "DELETE", headers: tus }, status: 204 }],
    search: [
      { path: "/api/search?q=page", status: 200 },
      { path: `/api/search?q=page&document=${id}`, status: 200 },
    ],
    ...(await questionsOfWebhooks(served)),
    getSettings: [{ path: "/api/settings", status: 200 }],
    getOperations: [{ path: "/api/operations", init: operator, status: 200 }],
    getMemory: [{ path: "/api/operations/memory?hours=1", init: operator, status: 200 }],
    retryDeadLetter: [
      { path: `/api/operations/documents/${gaveUp}/retry`, init: { ...post, ...operator }, status: 204 },
      { path: `/api/operations/documents/${nobody}/retry`, init: { ...post, ...operator }, status: 404 },
    ],
    reprocessOlder: [
      { path: "/api/operations/reprocess?limit=5", init: { ...post, ...operator }, status: 200 },
      { path: "/api/operations/reprocess?limit=0", init: { ...post, ...operator }, status: 400 },
    ],
    getHealth: [{ path: "/health", status: 200 }],
    getReady: [{ path: "/ready", status: 200 }],
    getOpenApi: [{ path: "/api/openapi.json", status: 200 }],
  };
}

async function questionsOfWebhooks(served: Served): Promise<Record<string, Asked[]>> {
  const adding = (url: string, type = "application/json") => ({
    method: "POST",
    headers: { "Content-Type": type },
    body: JSON.stringify({ url }),
  });
  const added = await served.ask("/api/webhooks", adding("https://hooks.example/1"));
  const { webhook } = (await added.json()) as { webhook: { id: string } };
  const failing = await served.ask("/api/webhooks", adding("https://hooks.example/2"));
  const { id } = ((await failing.json()) as { webhook: { id: string } }).webhook;
  await served.database.query("select quire.delivery_failed($1, 'status', 410)", [id]);
  const path = "/api/webhooks";
  return {
    listWebhooks: [{ path, status: 200 }],
    addWebhook: [
      { path, init: adding("https://hooks.example/3"), status: 201 },
      { path, init: adding("http://127.0.0.1/"), status: 422 },
      { path, init: adding("https://hooks.example/3", "text/plain"), status: 400 },
      ...Array.from({ length: 7 }, () => ({ path, init: adding("https://hooks.example/4"), status: 201 })),
      { path, init: adding("https://hooks.example/5"), status: 409 },
    ],
    removeWebhook: [
      { path: `${path}/${webhook.id}`, init: { method: "DELETE" }, status: 204 },
      { path: `${path}/${randomUUID()}`, init: { method: "DELETE" }, status: 404 },
    ],
    testWebhook: [
      { path: `${path}/${id}/test`, init: { method: "POST" }, status: 202 },
      { path: `${path}/none/test`, init: { method: "POST" }, status: 404 },
    ],
  };
}

test("the server answers as the document says, each operation asked", async (t) => {
  await assertAnswers(t, await Served.start(t, cluster), document());
});

test("where people sign in, too, and the document says what to send along", async (t) => {
  const issuer = await Issuer.start(t);
  const served = await Served.start(t, cluster, {
    env: { ...issuer.env, OPERATIONS_TOKEN: operationsToken },
  });
  served.token = await issuer.token(randomUUID());
  const documented = (await (await served.ask("/api/openapi.json")).json()) as OpenApi;
  await assertAnswers(t, served, documented);
  for (const { operation, path } of operations(documented)) {
    const scheme = path.startsWith("/api/operations") ? "operator" : "user";
    const isOpen = ["/api/settings", "/api/openapi.json", "/health", "/ready"].includes(path);
    assert.deepEqual(operation.security, isOpen ? [] : [{ [scheme]: [] }], path);
  }
});

async function assertAnswers(t: TestContext, served: Served, documented: OpenApi): Promise<void> {
  const asked = await questions(t, served);
  const ajv = validator();
  const names = operations(documented).map(({ operation }) => operation.operationId);
  assert.deepEqual(Object.keys(asked).toSorted(), names.toSorted());
  for (const { operation } of operations(documented)) {
    for (const { path, init, status } of asked[operation.operationId] ?? []) {
      const response = await served.ask(path, init);
      const what = `${operation.operationId} ${path}`;
      assert.equal(response.status, status, what);
      const said = operation.responses[`${status}`];
      assert.ok(said, `${what}: ${status} is not documented`);
      for (const name of Object.keys(said.headers ?? {}))
        if (!name.startsWith("Quire-")) assert.ok(response.headers.get(name), `${what}: no ${name}`);
      await assertContent(response, said.content ?? {}, ajv, what);
    }
  }
}

async function assertContent(
  response: Response,
  content: Record<string, { schema?: object }>,
  ajv: Ajv2020,
  what: string,
): Promise<void> {
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  if (type === "text/event-stream") {
    assert.ok(type in content, what);
    return;
  }
  const text = await response.text();
  if (text === "") return;
  assert.ok(type in content, `${what}: ${type} is not documented`);
  const { schema } = content[type] ?? {};
  if (!schema) return;
  const isValid = ajv.validate(strict(schema), JSON.parse(text));
  assert.ok(isValid, `${what}: ${ajv.errorsText()} in ${text.slice(0, 500)}`);
}

/** Knows the schemas of the document, and lets nothing pass that is not in them. */
function validator(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true });
  ajv.addFormat("uuid", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  ajv.addFormat("date-time", { type: "string", validate: (text: string) => !Number.isNaN(Date.parse(text)) });
  ajv.addVocabulary(["components"]);
  const schemas = strict(document().components.schemas);
  ajv.addSchema({ $id: "document", components: { schemas } } as object, "document");
  return ajv;
}

/** The same schema, that an object with more than is said does not fit. */
function strict(schema: object): object {
  const text = JSON.stringify(schema, (_key, value) =>
    value?.properties ? { ...value, additionalProperties: false } : value,
  );
  return JSON.parse(text.replaceAll('"#/components/', '"document#/components/')) as object;
}

function operations(of: OpenApi = document()) {
  return Object.entries(of.paths).flatMap(([path, ofPath]) =>
    Object.entries(ofPath).map(([method, operation]) => ({ path, method, operation })),
  );
}
