import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SpooledText } from "./spooledText.ts";
import { collected } from "./testing/samplePages.ts";

test("what was appended is read again, characters on the edge of two pieces included", async () => {
  const text = await SpooledText.create(null);
  try {
    // Three bytes each, which no power of two is a multiple of.
    const part = "頁".repeat(50_000);
    await text.append(part);
    await text.append("the end");
    assert.equal(await collected(text.read()), `${part}the end`);
    for await (const piece of text.read()) {
      assert.ok(piece.startsWith("頁"));
      break;
    }
  } finally {
    await text.close();
  }
});

test("the file has no name, so that none is left behind by a process that is killed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "quire-spool-"));
  const text = await SpooledText.create(folder);
  try {
    await text.append("text");
    assert.deepEqual(await readdir(folder), []);
  } finally {
    await text.close();
    await rm(folder, { recursive: true });
  }
});

test("a folder that cannot be written is an error with its code", async () => {
  await assert.rejects(SpooledText.create("/nowhere"), { code: "temp_dir_unavailable" });
});
