import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readTiffDirectories } from "./tiffDirectories.ts";

const folder = mkdtempSync(join(tmpdir(), "quire-tiff-"));
after(() => rmSync(folder, { recursive: true }));

interface Page {
  readonly width: number;
  readonly height: number;
  readonly dpi?: readonly [across: number, down: number];
  readonly reduced?: boolean;
  /** Directory that is said to follow, instead of the next one. */
  readonly next?: number;
}

const rationalBytes = 16;

/** Writes the directories of a classic TIFF, without pixels. */
function writeTiff(name: string, littleEndian: boolean, pages: readonly Page[]): string {
  const entries = 6;
  const pageBytes = 2 + entries * 12 + 4 + rationalBytes;
  const file = Buffer.alloc(8 + pages.length * pageBytes);
  const put = (value: number, offset: number, bytes: number) =>
    littleEndian ? file.writeUIntLE(value, offset, bytes) : file.writeUIntBE(value, offset, bytes);
  const offsetOf = (index: number) => (index < pages.length ? 8 + index * pageBytes : 0);
  file.write(littleEndian ? "II" : "MM", 0, "latin1");
  put(42, 2, 2);
  put(8, 4, 4);
  for (const [index, { width, height, dpi = [300, 300], reduced, next }] of pages.entries()) {
    const start = offsetOf(index);
    const rationals = start + pageBytes - rationalBytes;
    put(entries, start, 2);
    const rows = [
      [254, 4, reduced ? 1 : 0],
      [256, 3, width],
      [257, 4, height],
      [282, 5, rationals],
      [283, 5, rationals + 8],
      [296, 3, 2],
    ] as const;
    for (const [row, [tag, type, value]] of rows.entries()) {
      const entry = start + 2 + row * 12;
      put(tag, entry, 2);
      put(type, entry + 2, 2);
      put(1, entry + 4, 4);
      put(value, entry + 8, type === 3 ? 2 : 4);
    }
    put(dpi[0], rationals, 4);
    put(1, rationals + 4, 4);
    put(dpi[1], rationals + 8, 4);
    put(1, rationals + 12, 4);
    put(offsetOf(next ?? index + 1), start + 2 + entries * 12, 4);
  }
  const path = join(folder, name);
  writeFileSync(path, file);
  return path;
}

for (const littleEndian of [true, false]) {
  test(`pages, sizes and both resolutions are read, ${littleEndian ? "little" : "big"} endian`, async () => {
    const path = writeTiff(`plain-${littleEndian}.tif`, littleEndian, [
      { width: 1728, height: 1100, dpi: [204, 98] },
      { width: 10, height: 20, reduced: true },
    ]);
    const directories = await readTiffDirectories(path);
    assert.deepEqual(
      directories.map(({ index, width, height, dpiAcross, dpiDown, reduced }) => ({
        index,
        width,
        height,
        dpiAcross,
        dpiDown,
        reduced,
      })),
      [
        { index: 0, width: 1728, height: 1100, dpiAcross: 204, dpiDown: 98, reduced: false },
        { index: 1, width: 10, height: 20, dpiAcross: 300, dpiDown: 300, reduced: true },
      ],
    );
  });
}

test("a chain that returns to itself ends there", async () => {
  const path = writeTiff("loop.tif", true, [
    { width: 5, height: 5 },
    { width: 6, height: 6, next: 0 },
  ]);
  assert.equal((await readTiffDirectories(path)).length, 2);
});

test("a file without a directory is corrupt", async () => {
  const path = join(folder, "bad.tif");
  writeFileSync(path, Buffer.from("49492a00ffffff7f", "hex"));
  await assert.rejects(readTiffDirectories(path), { code: "corrupt_file" });
});
