import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { DiskFileStore, type FileStore } from "@quire/store";
import { Previews } from "./previews.ts";

const preview = Buffer.from("a picture");
const { signal } = new AbortController();

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "quire-previews-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a preview is stored under its key", async (context) => {
  const files = new DiskFileStore(folderOf(context));
  await new Previews(files).store("a/page-1.webp", preview, signal);
  assert.deepEqual(await buffer(await files.open("a/page-1.webp")), preview);
});

test("what the store refuses is told, and the next one is tried", async (context) => {
  const folder = folderOf(context);
  const files = new DiskFileStore(folder);
  writeFileSync(join(folder, "taken"), "");
  const previews = new Previews(files);
  await assert.rejects(previews.store("taken/page-1.webp", preview, signal), { code: "invalid_storage_key" });
  await assert.rejects(previews.store("a/page-1.webp", preview, AbortSignal.abort()), { name: "AbortError" });
  await previews.store("a/page-1.webp", preview, signal);
});

test("a store that hangs is waited for once; when it goes on, so do the previews", async (context) => {
  const files = new DiskFileStore(folderOf(context));
  const disk = Promise.withResolvers<void>();
  let puts = 0;
  const hanging: FileStore = {
    async put(...args) {
      puts++;
      await disk.promise;
      return files.put(...args);
    },
    open: (key) => files.open(key),
    size: (key) => files.size(key),
    delete: (key) => files.delete(key),
  };
  const previews = new Previews(hanging, 10);
  for (let page = 1; page <= 3; page++)
    await assert.rejects(previews.store(`a/page-${page}.webp`, preview, signal), {
      code: "storage_unavailable",
    });
  assert.equal(puts, 1);
  disk.resolve();
  const stored = () =>
    previews.store("a/page-4.webp", preview, signal).then(
      () => true,
      () => false,
    );
  while (!(await stored())) await new Promise(setImmediate);
  assert.deepEqual(await buffer(await files.open("a/page-4.webp")), preview);
});
