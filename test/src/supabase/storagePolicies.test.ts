import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Database } from "@quire/store";
import { SupabaseFileStore } from "@quire/store/supabase";
import { StorageClient } from "@supabase/storage-js";
import { Upload } from "tus-js-client";
import { openStorageProject, type StandIn, type StorageProject } from "./project.ts";
import { chunkBytes } from "./storage/resumable.ts";
import { signToken } from "./tokens.ts";

const [ann, ben] = [randomUUID(), randomUUID()];
const inAnHour = Math.floor(Date.now() / 1000) + 3600;
const bucket = "documents";

let project: StorageProject;
let standIn: StandIn;
let database: Database;
before(async () => {
  // Whose token it is must be known without signing anybody in.
  project = await openStorageProject({ real: false });
  standIn = project.standIn as StandIn;
  database = new Database(standIn.databaseUrl, { poolSize: 2 });
});
after(async () => {
  await database.close();
  await project.close();
});

const tokenOf = (userId: string, exp = inAnHour) =>
  signToken({ role: "authenticated", sub: userId, aud: "authenticated", exp }, standIn.jwtSecret);

/** The files of the bucket, as whoever has this token sees them. */
function as(token: string, of = bucket) {
  const headers = { apikey: standIn.anonKey, authorization: `Bearer ${token}` };
  return new StorageClient(`${project.url}/storage/v1`, headers).from(of);
}

/** Runs a statement as Supabase does for a request of this role and user. */
function query(role: string, userId: string | undefined, statement: string, ...values: unknown[]) {
  return database.transaction(async (session) => {
    const claims = JSON.stringify({ role, sub: userId });
    await session.query(
      `select set_config('request.jwt.claims', $1, true), set_config('role', $2, true),
         set_config('storage.can_delete', 'true', true)`,
      [claims, role],
    );
    return session.query<Record<string, unknown>>(statement, values);
  });
}

const insert = "insert into storage.objects (bucket_id, name, version) values ($1, $2, gen_random_uuid())";
const denied = { code: "42501" };

test("through SQL an owner adds, sees and deletes below his own folder of this bucket, and changes nothing", async () => {
  const { name: other } = await project.makeBucket();
  await database.query("insert into storage.buckets (id, name) values ('strange', 'strange')");
  const name = `${ann}/${randomUUID()}/original`;
  for (const each of [bucket, other]) {
    await query("authenticated", ann, insert, each, name);
    const seen = (userId: string | undefined, role = "authenticated") =>
      query(role, userId, "select name from storage.objects where bucket_id = $1", each);
    assert.deepEqual(await seen(ann), [{ name }]);
    for (const nobody of [await seen(ben), await seen(undefined), await seen(undefined, "anon")])
      assert.deepEqual(nobody, []);
    const rename = "update storage.objects set name = $2 where bucket_id = $1 returning name";
    for (const user of [ann, ben])
      assert.deepEqual(await query("authenticated", user, rename, each, `${user}/x/y`), []);
    const remove = "delete from storage.objects where bucket_id = $1 returning name";
    assert.deepEqual(await query("authenticated", ben, remove, each), []);
    assert.deepEqual(await query("anon", undefined, remove, each), []);
    assert.deepEqual(await query("authenticated", ann, remove, each), [{ name }]);
  }
  for (const wrong of [
    `${ben}/x/original`,
    ann,
    `/${ann}/x`,
    `x/${ann}/x`,
    `${ann}x/x`,
    `${ann.toUpperCase()}/x`,
    "x",
    ".installation",
  ])
    await assert.rejects(query("authenticated", ann, insert, bucket, wrong), denied, wrong);
  await assert.rejects(query("authenticated", ann, insert, "strange", name), denied);
  await assert.rejects(query("anon", undefined, insert, bucket, name), denied);
  await assert.rejects(query("anon", ann, insert, bucket, name), denied);
  await assert.rejects(query("authenticated", ann, "select quire.use_bucket('strange', 1)"), denied);
  await assert.rejects(
    query("authenticated", ann, "insert into quire.document_buckets values ('strange')"),
    denied,
  );
  const buckets = "select id from storage.buckets";
  assert.deepEqual(await query("authenticated", ann, buckets), []);
});

test("a document is made of a file of its owner's only", async () => {
  const add = "insert into documents (filename, storage_key, size_bytes) values ('a.pdf', $1, 10)";
  await query("authenticated", ann, add, `${ann}/${randomUUID()}/original`);
  for (const key of [`${ben}/${randomUUID()}/original`, ".installation", `${ann}`])
    await assert.rejects(query("authenticated", ann, add, key), denied, key);
});

test("through the API two owners have their own files, and neither sees or touches the other's", async () => {
  const [asAnn, asBen] = [as(tokenOf(ann)), as(tokenOf(ben))];
  const service = new SupabaseFileStore({ ...project, bucket });
  const content = randomBytes(100_000);
  const options = { contentType: "application/pdf" };
  const key = `${ann}/${randomUUID()}/original`;
  const uploaded = await asAnn.upload(key, content, options);
  assert.equal(uploaded.error, null);
  assert.deepEqual(Buffer.concat(await (await service.open(key)).toArray()), content);
  assert.deepEqual(Buffer.from(await ((await asAnn.download(key)).data as Blob).arrayBuffer()), content);
  const fromBrowser = new Blob([content], { type: "image/png" });
  assert.equal((await asAnn.upload(`${key}-2`, fromBrowser)).error, null);
  assert.deepEqual(Buffer.concat(await (await service.open(`${key}-2`)).toArray()), content);
  assert.equal((await asAnn.remove([`${key}-2`])).error, null);
  assert.equal((await asAnn.info(key)).data?.size, content.length);
  assert.equal((await asAnn.list(ann)).data?.length, 1);

  const refused = async (answer: PromiseLike<{ error: { message: string } | null }>) =>
    assert.notEqual((await answer).error, null);
  for (const other of [asBen, as(standIn.anonKey), as(tokenOf(ann, 1)), as(tokenOf(ann), "nowhere")]) {
    await refused(other.download(key));
    await refused(other.info(key));
    await refused(other.createSignedUrl(key, 60));
    await refused(other.upload(`${ann}/x/original`, content, options));
    await refused(other.upload(key, content, { ...options, upsert: true }));
    assert.deepEqual((await other.list(ann)).data ?? [], []);
    await other.remove([key]);
  }
  await refused(asAnn.upload(`${ben}/x/original`, content, options));
  await refused(asAnn.upload(key, content, options));
  await refused(asAnn.upload(key, content, { ...options, upsert: true }));
  await refused(asAnn.update(key, content, options));
  await refused(asAnn.upload(`${ann}/x/page.html`, content, { contentType: "text/html" }));
  assert.deepEqual(Buffer.concat(await (await service.open(key)).toArray()), content);

  const { data } = await asAnn.createSignedUrl(key, 60);
  const signed = await fetch(data?.signedUrl ?? "");
  assert.deepEqual(Buffer.from(await signed.arrayBuffer()), content);
  const forAnother = (data?.signedUrl ?? "").replace("/original", "/original2");
  assert.equal((await fetch(forAnother)).status, 400);

  assert.equal((await asAnn.remove([key])).data?.length, 1);
  await assert.rejects(service.open(key), { code: "file_missing" });
});

/** Uploads in chunks, as the pages do. @returns the number of requests that carried them */
async function uploadResumably(token: string, name: string, content: Buffer): Promise<number> {
  let chunks = 0;
  const done = new Promise<void>((resolve, reject) => {
    const upload = new Upload(content, {
      endpoint: `${project.url}/storage/v1/upload/resumable`,
      headers: { authorization: `Bearer ${token}`, "x-upsert": "false" },
      uploadDataDuringCreation: true,
      removeFingerprintOnSuccess: true,
      metadata: { bucketName: bucket, objectName: name, contentType: "application/pdf", cacheControl: "0" },
      chunkSize: chunkBytes,
      retryDelays: [0, 0, 0],
      onChunkComplete: () => chunks++,
      onSuccess: () => resolve(),
      onError: reject,
    });
    upload.start();
  });
  await done;
  return chunks;
}

test("a resumable upload comes in chunks, goes on where it was cut, and is its owner's only", async () => {
  const service = new SupabaseFileStore({ ...project, bucket });
  const { faults } = standIn.storage;
  faults.clear();
  const content = randomBytes(2 * chunkBytes + 12_345);
  const name = `${ann}/${randomUUID()}/original`;
  faults.plan("PATCH /upload/resumable/", { cutAfterBytes: 1_000_000 });
  faults.plan("PATCH /upload/resumable/", { status: 503 });
  await uploadResumably(tokenOf(ann), name, content);
  assert.deepEqual(Buffer.concat(await (await service.open(name)).toArray()), content);
  assert.ok(faults.asked.some((each) => each.startsWith("HEAD /upload/resumable/")));
  await assert.rejects(uploadResumably(tokenOf(ben), `${ann}/x/original`, content), /row-level security/);
  await assert.rejects(uploadResumably(tokenOf(ann), name, content), /already exists/);
  await assert.rejects(uploadResumably(tokenOf(ann, 1), `${ann}/y/original`, content));
  await assert.rejects(
    uploadResumably(tokenOf(ann), `${ann}/z/original`, randomBytes(50_000_001)),
    /maximum allowed size/,
  );
});

test("an upload that is cut leaves nothing, whoever cuts it", async () => {
  const name = `${ann}/${randomUUID()}/original`;
  const controller = new AbortController();
  const source = new ReadableStream({
    pull(body) {
      body.enqueue(randomBytes(100_000));
      controller.abort();
    },
  });
  const headers = { authorization: `Bearer ${tokenOf(ann)}`, "content-type": "application/pdf" };
  const init = { method: "POST", headers, body: source, duplex: "half", signal: controller.signal } as const;
  await assert.rejects(fetch(`${project.url}/storage/v1/object/${bucket}/${name}`, init));
  const service = new SupabaseFileStore({ ...project, bucket });
  await assert.rejects(service.open(name), { code: "file_missing" });
});
