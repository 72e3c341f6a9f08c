import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { after, before, beforeEach, type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { QuireError } from "@quire/core";
import { Database, Documents, sweepFiles } from "@quire/store";
import { SupabaseFileStore } from "@quire/store/supabase";
import { openStorageProject, type StandIn, type StorageProject } from "./project.ts";
import type { Fault } from "./storage/faults.ts";
import { signToken } from "./tokens.ts";

const megabyte = 1_000_000;
const key = "owner-1/document_2/original";
/** As in production, without the waiting in between. */
const patience = {
  ...{ attempts: 4, firstWaitMs: 1, mostWaitMs: 2 },
  ...{ mostRetryAfterMs: 20_000, silenceMs: 30_000 },
};
const unavailable = { code: "storage_unavailable" };

let project: StorageProject;
let standIn: StandIn;
before(async () => {
  // Faults can be planned in the stand-in only.
  project = await openStorageProject({ real: false });
  standIn = project.standIn as StandIn;
});
beforeEach(() => standIn.storage.faults.clear());
after(() => project.close());

async function prepare(options: { serviceRoleKey?: string; silenceMs?: number } = {}) {
  const { name: bucket } = await project.makeBucket();
  const serviceRoleKey = options.serviceRoleKey ?? project.serviceRoleKey;
  const store = new SupabaseFileStore(
    { url: project.url, serviceRoleKey, bucket },
    { patience: { ...patience, silenceMs: options.silenceMs ?? patience.silenceMs } },
  );
  const { faults } = standIn.storage;
  const asked = (method: string) => faults.asked.filter((each) => each.startsWith(method)).length;
  return { bucket, store, faults, asked };
}

const contentOf = async (store: SupabaseFileStore) => Buffer.concat(await (await store.open(key)).toArray());

async function* inChunks(content: Uint8Array, chunkBytes = 65_536): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += chunkBytes)
    yield content.subarray(start, start + chunkBytes);
}

/** What is thrown, whose messages and causes tell neither key nor token. */
async function failureOf(work: Promise<unknown>, token: string): Promise<QuireError> {
  const error = await work.then(
    () => assert.fail("it went well"),
    (reason: unknown) => reason,
  );
  const shown = inspect(error, { depth: 10 });
  for (const secret of ["owner-1", "document_2", token]) assert.ok(!shown.includes(secret), shown);
  assert.ok(error instanceof QuireError, shown);
  return error;
}

const passing: readonly Fault[] = [{ status: 429, retryAfter: "0" }, { status: 503 }];

test("what fails in passing is done again, a few times", async () => {
  const { store, faults, asked } = await prepare();
  const small = randomBytes(100_000);
  for (const fault of passing) {
    faults.clear();
    faults.plan("POST /object/", fault, 3);
    await store.put(key, inChunks(small));
    assert.equal(asked("POST"), 4, inspect(fault));
    faults.plan("GET /object/", fault, 3);
    assert.deepEqual(await contentOf(store), small);
    assert.equal(asked("GET"), 4, inspect(fault));
    faults.plan("GET /object/info", fault, 3);
    assert.equal(await store.size(key), small.length);
    faults.plan("DELETE /object/", fault, 3);
    await store.delete(key);
    assert.equal(asked("DELETE"), 4, inspect(fault));
  }
  for (const [run, method] of [
    [() => store.put(key, inChunks(small)), "POST"],
    [() => store.open(key), "GET"],
    [() => store.size(key), "GET"],
    [() => store.delete(key), "DELETE"],
  ] as const) {
    faults.clear();
    faults.plan(`${method} /object/`, { status: 500 }, 4);
    assert.equal((await failureOf(run(), project.serviceRoleKey)).code, "storage_unavailable");
    assert.equal(asked(method), 4);
  }
});

test("Storage that asks to be left alone for long is left alone, and the caller told", async () => {
  const { store, faults, asked } = await prepare();
  for (const retryAfter of ["3600", new Date(Date.now() + 3_600_000).toUTCString()]) {
    faults.clear();
    faults.plan("POST /object/", { status: 429, retryAfter });
    await assert.rejects(store.put(key, inChunks(Buffer.from("x"))), unavailable);
    assert.equal(asked("POST"), 1);
  }
});

test("a connection cut while a small file comes in is no loss; a large one is not stored, nor sent again", async () => {
  const { store, faults, asked } = await prepare();
  const small = randomBytes(900_000);
  faults.plan("POST /object/", { cutAfterBytes: 300_000 }, 2);
  await store.put(key, inChunks(small));
  assert.equal(asked("POST"), 3);
  assert.deepEqual(await contentOf(store), small);

  faults.clear();
  faults.plan("POST /object/", { cutAfterBytes: 5 * megabyte });
  let closed = false;
  const source = async function* () {
    try {
      yield* inChunks(randomBytes(20 * megabyte));
    } finally {
      closed = true;
    }
  };
  const failure = await failureOf(store.put(key, source()), project.serviceRoleKey);
  assert.equal(failure.code, "storage_unavailable");
  assert.ok(closed);
  assert.equal(asked("POST"), 1);
  assert.deepEqual(await contentOf(store), small);
});

test("a file whose answer was lost is stored: a small one is sent again, of a large one it is asked", async () => {
  const { store, faults, asked } = await prepare();
  for (const [sizeBytes, posts] of [
    [1000, 2],
    [3 * megabyte, 1],
  ] as const) {
    faults.clear();
    const content = randomBytes(sizeBytes);
    faults.plan("POST /object/", { loseAnswer: true });
    assert.equal((await store.put(key, inChunks(content))).sizeBytes, sizeBytes);
    assert.equal(asked("POST"), posts);
    assert.deepEqual(await contentOf(store), content);
  }
});

test("a put that was called off when all had been sent tells what became of it", async () => {
  const { store, faults } = await prepare();
  const controller = new AbortController();
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  faults.plan("POST /object/", { stallAfterBytes: 10, until });
  const put = store.put(key, inChunks(randomBytes(1000)), { signal: controller.signal });
  while (!faults.asked.some((each) => each.startsWith("POST"))) await new Promise(setImmediate);
  controller.abort(new Error("gone"));
  release();
  assert.equal((await put).sizeBytes, 1000);
  assert.equal((await contentOf(store)).length, 1000);
});

test("a download that is cut goes on from the next byte, and gives up where none comes any more", async () => {
  const { store, faults, asked } = await prepare();
  const content = randomBytes(5 * megabyte);
  await store.put(key, inChunks(content));
  faults.plan("GET /object/", { cutAfterBytes: 700_001 }, 6);
  assert.deepEqual(await contentOf(store), content);
  assert.equal(asked("GET"), 7);

  faults.clear();
  faults.plan("GET /object/", { cutAfterBytes: 1_000_003 });
  const range = { start: 999_999, end: 3_999_999 };
  const part = Buffer.concat(await (await store.open(key, range)).toArray());
  assert.ok(part.equals(content.subarray(range.start, range.end + 1)));

  faults.clear();
  faults.plan("GET /object/", { cutAfterBytes: 100_000 });
  faults.plan("GET /object/", { cutAfterBytes: 0 }, 10);
  assert.equal((await failureOf(contentOf(store), project.serviceRoleKey)).code, "storage_unavailable");
  assert.equal(asked("GET"), 4);
});

test("a download that is cut does not go on with another content", async () => {
  const { store, faults } = await prepare();
  await store.put(key, inChunks(randomBytes(5 * megabyte)));
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  faults.plan("GET /object/", { cutAfterBytes: megabyte, until });
  const reader = await store.open(key);
  await once(reader, "readable");
  await store.put(key, inChunks(randomBytes(5 * megabyte)));
  release();
  await assert.rejects(reader.toArray(), { code: "file_missing" });
});

test("Storage that falls silent is given up: a download goes on, a large upload fails", async (context) => {
  const { store, faults } = await prepare({ silenceMs: 1_500 });
  const content = randomBytes(3 * megabyte);
  await store.put(key, inChunks(content));
  const until = untilEndOf(context);
  faults.plan("GET /object/", { stallAfterBytes: megabyte, until });
  assert.deepEqual(await contentOf(store), content);
  // More than sockets hold.
  faults.plan("POST /object/", { stallAfterBytes: megabyte, until });
  const failure = await failureOf(
    store.put(key, inChunks(randomBytes(30 * megabyte))),
    project.serviceRoleKey,
  );
  assert.equal(failure.code, "storage_unavailable");
  assert.deepEqual(await contentOf(store), content);
});

function untilEndOf(context: TestContext): Promise<void> {
  return new Promise((resolve) => context.after(() => resolve()));
}

test("a source that is silent for longer than Storage may be is waited for", async () => {
  const { store } = await prepare({ silenceMs: 1_500 });
  const content = randomBytes(2 * megabyte);
  const source = async function* () {
    for await (const chunk of inChunks(content, 1_999_999)) {
      yield chunk;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  };
  await store.put(key, source());
  assert.deepEqual(await contentOf(store), content);
});

test("a key that is no longer accepted is said, with what to do, and not tried again", async () => {
  const role = "service_role";
  const expired = signToken({ role, exp: 1 }, standIn.jwtSecret);
  for (const token of [expired, signToken({ role, exp: 1e10 }, "another project's"), "sb_secret_unknown"]) {
    const { store, faults } = await prepare({ serviceRoleKey: token });
    for (const run of [
      () => store.open(key),
      () => store.put(key, inChunks(Buffer.from("x"))),
      () => store.create(),
    ]) {
      faults.clear();
      const { code, message } = await failureOf(run(), token);
      assert.equal(code, "storage_unavailable");
      assert.match(message, /SUPABASE_SERVICE_ROLE_KEY/);
      assert.equal(faults.asked.length, 1);
    }
  }
});

test("a bucket that is not there, or no room, or too large a file is said, each with what to do", async () => {
  const { store, faults, asked, bucket } = await prepare();
  const elsewhere = new SupabaseFileStore({ ...project, bucket: "nowhere" }, { patience });
  for (const run of [
    () => elsewhere.open(key),
    () => elsewhere.size(key),
    () => elsewhere.put(key, inChunks(Buffer.from("x"))),
  ])
    assert.match((await failureOf(run(), project.serviceRoleKey)).message, /quire migrate/);
  faults.clear();
  faults.plan("POST /object/", { status: 402 });
  const failure = await failureOf(store.put(key, inChunks(Buffer.from("x"))), project.serviceRoleKey);
  assert.match(failure.message, /quota/);
  assert.equal(asked("POST"), 1);

  const database = new Database(standIn.databaseUrl, { poolSize: 1 });
  await database.query("select quire.use_bucket($1, $2)", [bucket, 2 * megabyte]);
  await database.close();
  await store.put(key, inChunks(randomBytes(2 * megabyte)));
  const before = await contentOf(store);
  const large = await failureOf(store.put(key, inChunks(randomBytes(9 * megabyte))), project.serviceRoleKey);
  assert.equal(large.code, "file_too_large");
  assert.deepEqual(await contentOf(store), before);
});

test("an installation uses its own bucket only, and no public one", async () => {
  const { bucket } = await prepare();
  const address = { ...project, bucket };
  const [ours, theirs] = ["ours", "theirs"].map(
    (installationId) => new SupabaseFileStore(address, { installationId, patience }),
  ) as [SupabaseFileStore, SupabaseFileStore];
  await assert.rejects(ours.put(key, inChunks(Buffer.from("x"))), unavailable);
  await assert.rejects(ours.open(key), unavailable);
  await ours.create();
  await ours.create();
  await ours.put(key, inChunks(Buffer.from("ours")));
  await assert.rejects(ours.open("b"), { code: "file_missing" });
  for (const run of [
    () => theirs.create(),
    () => theirs.put(key, inChunks(Buffer.from("x"))),
    () => theirs.open("b"),
  ])
    await assert.rejects(run(), unavailable);
  for (const run of [() => ours.open(".installation"), () => ours.delete(".installation")])
    await assert.rejects(run(), { code: "invalid_storage_key" });
  assert.equal(String(await contentOf(ours)), "ours");

  const made = new SupabaseFileStore(
    { ...project, bucket: "made-by-the-store" },
    { installationId: "x", patience },
  );
  await made.create();
  await made.put(key, inChunks(Buffer.from("x")));
  const database = new Database(standIn.databaseUrl, { poolSize: 1 });
  await database.query("update storage.buckets set public = true where id = 'made-by-the-store'");
  await assert.rejects(made.create(), /public/);
  await assert.rejects(database.query("select quire.use_bucket('made-by-the-store', 1)"), {
    code: "invalid_configuration",
  });
  await database.close();
});

test("the keys of old files are listed page by page, and the sweep removes those of no document", async (context) => {
  const { bucket } = await prepare();
  const database = new Database(standIn.databaseUrl, { poolSize: 2 });
  context.after(() => database.close());
  const installationId = await new Documents(database).installationId();
  const store = new SupabaseFileStore({ ...project, bucket }, { installationId, patience });
  await store.create();
  const files = 2_345;
  await database.query(
    `insert into storage.objects (bucket_id, name, version, updated_at, metadata)
     select $1, 'owner-1/' || gen_random_uuid() || '/original', gen_random_uuid(), now() - interval '2 days', '{}'
     from generate_series(1, $2)`,
    [bucket, files],
  );
  await store.put(`owner-1/${randomUUID()}/original`, inChunks(Buffer.from("young")));
  const keys: string[] = [];
  for await (const each of store.keysOlderThan(60_000)) keys.push(each);
  assert.equal(new Set(keys).size, files);
  assert.equal(keys.length, files);
  const count = "select count(*)::int as count from storage.objects where bucket_id = $1";
  assert.equal(await sweepFiles(store, database), files);
  // The young one, and the marker.
  assert.deepEqual(await database.query(count, [bucket]), [{ count: 2 }]);
});
