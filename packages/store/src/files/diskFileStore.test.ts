import assert from "node:assert/strict";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { QuireError } from "@quire/core";
import { DiskFileStore } from "./diskFileStore.ts";
import { fileStoreContract } from "./fileStore.contract.ts";

const makeFolder = () => mkdtempSync(join(tmpdir(), "quire-files-"));

fileStoreContract("DiskFileStore", async () => {
  const root = makeFolder();
  return { store: new DiskFileStore(root), cleanUp: async () => rmSync(root, { recursive: true }) };
});

/** A store in a folder that is not there yet, and a folder outside of it. */
function prepare(context: TestContext) {
  const folder = makeFolder();
  context.after(() => rmSync(folder, { recursive: true }));
  const [root, outside] = [join(folder, "root"), join(folder, "outside")];
  mkdirSync(outside);
  writeFileSync(join(outside, "file"), "outside");
  return { root, outside, store: new DiskFileStore(root) };
}

async function* content(text = "inside") {
  yield Buffer.from(text);
}

const listed = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort();

test("a folder that is a link leading outside is not followed", async (context) => {
  const { root, outside, store } = prepare(context);
  mkdirSync(root);
  symlinkSync(outside, join(root, "link"));
  const refusal = (error: unknown) =>
    error instanceof QuireError &&
    error.code === "storage_unavailable" &&
    error.cause instanceof Error &&
    !error.message.includes(root);
  for (const key of ["link/file", "link/new", "link/new/deeper/file"]) {
    await assert.rejects(store.put(key, content()), refusal);
  }
  await assert.rejects(store.open("link/file"), refusal);
  await assert.rejects(store.delete("link/file"), refusal);
  assert.deepEqual(listed(outside), ["file"]);
  assert.equal(readFileSync(join(outside, "file"), "utf8"), "outside");
  assert.deepEqual(readdirSync(join(root, ".incoming")), []);
});

test("neither empty folders nor uploads outside are touched through a link", async (context) => {
  const { root, outside, store } = prepare(context);
  mkdirSync(root);
  mkdirSync(join(outside, "empty"));
  utimesSync(join(outside, "file"), 0, 0);
  symlinkSync(outside, join(root, "link"));
  symlinkSync(outside, join(root, ".incoming"));
  await assert.rejects(store.put("link/empty/file", content()), { code: "storage_unavailable" });
  await assert.rejects(store.delete("link/empty/file"), { code: "storage_unavailable" });
  await assert.rejects(store.removeStaleUploads(0), { code: "storage_unavailable" });
  assert.deepEqual(listed(outside), ["empty", "file"]);
});

test("a file that is a link is not read through, and replaced or deleted itself", async (context) => {
  const { root, outside, store } = prepare(context);
  mkdirSync(root);
  for (const name of ["replaced", "deleted"]) symlinkSync(join(outside, "file"), join(root, name));
  await assert.rejects(store.open("replaced"), { code: "storage_unavailable" });
  await store.put("replaced", content());
  assert.ok(lstatSync(join(root, "replaced")).isFile());
  await store.delete("deleted");
  assert.deepEqual(listed(root), [".incoming", "replaced"]);
  assert.equal(readFileSync(join(outside, "file"), "utf8"), "outside");
});

test("files and folders are for this user alone", async (context) => {
  const { root, store } = prepare(context);
  await store.put("a/b/file", content());
  const modeOf = (...path: string[]) => statSync(join(root, ...path)).mode & 0o777;
  assert.equal(modeOf("a", "b", "file"), 0o600);
  for (const folder of [".", ".incoming", "a", "a/b"]) assert.equal(modeOf(folder), 0o700);
});

test("nothing stays behind: no upload, no empty folder", async (context) => {
  const { root, store } = prepare(context);
  const failing = async function* () {
    yield Buffer.from("half");
    throw new Error("reset");
  };
  await assert.rejects(store.put("a/b/failed", failing()), { message: "reset" });
  await assert.rejects(store.put("a/b/large", content(), { maxBytes: 2 }), { code: "file_too_large" });
  const signal = AbortSignal.abort();
  await assert.rejects(store.put("a/b/aborted", content(), { signal }), { name: "AbortError" });
  assert.deepEqual(listed(root), [".incoming"]);
  await store.put("a/b/file", content());
  await store.put("a/other", content());
  await store.delete("a/b/file");
  assert.deepEqual(listed(root), [".incoming", "a", "a/other"]);
  await store.delete("a/other");
  assert.deepEqual(listed(root), [".incoming"]);
});

test("a folder that deletes keep removing is made again until the file is in it", async (context) => {
  const { root, store } = prepare(context);
  const put = (name: number) => store.put(`a/b/c/${name}`, content());
  const remove = (name: number) => store.delete(`a/b/c/${name}`);
  for (let round = 0; round < 20; round++) {
    const names = Array.from({ length: 10 }, (_, name) => name);
    await Promise.all(names.flatMap((name) => [put(name), remove(name + 100)]));
    await Promise.all(names.flatMap((name) => [remove(name), put(name + 200), remove(name + 300)]));
    assert.equal(listed(join(root, "a/b/c")).length, names.length);
    await Promise.all(names.map((name) => remove(name + 200)));
    assert.deepEqual(listed(root), [".incoming"]);
  }
});

test("uploads that a crash left are removed once they are old enough", async (context) => {
  const { root, store } = prepare(context);
  assert.equal(await store.removeStaleUploads(0), 0);
  await store.put("file", content());
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  for (const minutes of [1, 59, 61, 600]) {
    const path = join(root, ".incoming", `${minutes}`);
    writeFileSync(path, "half");
    utimesSync(path, minutesAgo(minutes), minutesAgo(minutes));
  }
  assert.equal(await store.removeStaleUploads(3_600_000), 2);
  assert.deepEqual(listed(root), [".incoming", ".incoming/1", ".incoming/59", "file"]);
});

test("an upload that is removed while it comes in is not stored", async (context) => {
  const { root, store } = prepare(context);
  const source = async function* () {
    yield Buffer.from("half");
    for (const name of readdirSync(join(root, ".incoming"))) rmSync(join(root, ".incoming", name));
    yield Buffer.from("whole");
  };
  await assert.rejects(store.put("a/file", source()), { code: "storage_unavailable" });
  assert.deepEqual(listed(root), [".incoming"]);
});

test("the folder of uploads holds no key, and a key is no folder of another", async (context) => {
  const { root, store } = prepare(context);
  for (const key of [".incoming", ".incoming/file", ".INCOMING/file"]) {
    await assert.rejects(store.put(key, content()), { code: "invalid_storage_key" });
    await assert.rejects(store.open(key), { code: "invalid_storage_key" });
    await assert.rejects(store.delete(key), { code: "invalid_storage_key" });
  }
  await store.put("a/file", content());
  await assert.rejects(store.put("a", content()), { code: "invalid_storage_key" });
  await assert.rejects(store.put("a/file/b/c", content()), { code: "invalid_storage_key" });
  assert.deepEqual(listed(root), [".incoming", "a", "a/file"]);
});

test("a folder that cannot be used makes the store unavailable, with the cause", async (context) => {
  const { outside } = prepare(context);
  const store = new DiskFileStore(join(outside, "file"));
  const refusal = (error: unknown) =>
    error instanceof QuireError &&
    error.code === "storage_unavailable" &&
    (error.cause as NodeJS.ErrnoException).code === "EEXIST" &&
    !error.message.includes(outside);
  await assert.rejects(store.put("a", content()), refusal);
});

test("an installation uses its own folder only, and not the mount point of a disk that is away", async (context) => {
  const { root } = prepare(context);
  const [ours, theirs] = [new DiskFileStore(root, "ours"), new DiskFileStore(root, "theirs")];
  const away = { code: "storage_unavailable" };
  await assert.rejects(ours.put("a", content()), away);
  await ours.create();
  await ours.create();
  await ours.put("a", content());
  await assert.rejects(ours.open("b"), { code: "file_missing" });
  await assert.rejects(theirs.create(), away);
  await assert.rejects(theirs.put("a", content()), away);
  await assert.rejects(theirs.open("b"), away);
  await assert.rejects(ours.open(".installation"), { code: "invalid_storage_key" });

  rmSync(root, { recursive: true });
  mkdirSync(root);
  await assert.rejects(ours.open("a"), away);
  await assert.rejects(ours.put("a", content()), away);
  assert.deepEqual(listed(root), []);
});

test("the keys of files that have long been there can be listed", async (context) => {
  const { root, store } = prepare(context);
  await store.create();
  for (const key of ["owner/one/original", "owner/two/original", "new"]) await store.put(key, content());
  for (const key of ["owner/one/original", "owner/two/original", ".incoming", ".installation"])
    utimesSync(join(root, key), 0, 0);
  const keys: string[] = [];
  for await (const key of store.keysOlderThan(60_000)) keys.push(key);
  assert.deepEqual(keys.sort(), ["owner/one/original", "owner/two/original"]);
});
