import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fromTop, runQuire } from "./quire.ts";

const samples = readdirSync(fromTop("samples")).filter((name) => /\.(pdf|tif|jpg|png)$/.test(name));

/** Share of the truth's words that were read, each counted as often as it stands there. */
function recall(read: string, truth: string): number {
  const left = new Map<string, number>();
  for (const word of words(read)) left.set(word, (left.get(word) ?? 0) + 1);
  const wanted = words(truth);
  const found = wanted.filter((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count > 0;
  });
  return found.length / wanted.length;
}

/** Letters and digits: how wide the gaps around a dash or in a box to tick are, is for the font to say. */
const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

for (const name of samples) {
  test(`${name} is read as its truth says, page by page`, async () => {
    const { code, stdout, stderr } = await runQuire(["ocr", fromTop(`samples/${name}`)]);
    assert.equal(code, 0, stderr);
    const truth = readFileSync(fromTop(`samples/${name.replace(/\.\w+$/, ".txt")}`), "utf8");
    const pages = truth.split("\f");
    const read = stdout.split("\f");
    assert.equal(read.length, pages.length);
    for (const [index, page] of pages.entries()) {
      if (page.trim() === "") assert.equal(read[index]?.trim(), "");
      else
        assert.ok(
          recall(read[index] as string, page) >= 0.9,
          `page ${index + 1}: ${recall(read[index] as string, page)}`,
        );
    }
  });
}

test("no number alone in a cell of the photo is left out, and what may be wrong is marked", async () => {
  const { stdout, stderr } = await runQuire(["ocr", "--mark-uncertain", fromTop("samples/photo.jpg")]);
  const rows = stdout.split("\n").map((line) => line.trim().replaceAll(/ +/g, " "));
  const zero = String.raw`(0|\S+\[\?\])`;
  for (const row of [
    `Metformin 850 1 ${zero} 1`,
    `Lisinopril 10 1 ${zero} ${zero}`,
    `Simvastatin 20 ${zero} ${zero} 1`,
  ])
    assert.ok(
      rows.some((text) => new RegExp(`^${row}$`).test(text)),
      `no row ${row} in\n${stdout}`,
    );
  // An O that may be a 0 is a number to check.
  const marked = stdout.match(/ \S\[\?\]/g)?.length ?? 0;
  if (marked > 0) assert.match(stderr, new RegExp(`^photo\\.jpg: ${marked} numbers? to check`, "m"));
});

interface AwkwardSample {
  readonly file: string;
  readonly expect: "text" | "refused" | "partial";
  readonly code?: string;
}

const awkward = JSON.parse(readFileSync(fromTop("samples/awkward/index.json"), "utf8")) as AwkwardSample[];
const exitCodes = { text: 0, refused: 3, partial: 4 };

for (const { file, expect, code } of awkward) {
  test(`awkward/${file} ends in ${code ?? expect}`, async () => {
    const path = fromTop(`samples/awkward/${file}`);
    const ending = await runQuire(["ocr", "--quiet", path]);
    assert.equal(ending.code, exitCodes[expect], ending.stderr);
    assert.doesNotMatch(ending.stderr, /\n\s+at /, "no stack trace");
    if (code) assert.match(ending.stderr, new RegExp(`${code}: .*\\.`), "the code, a message and a remedy");
    if (expect === "refused") assert.equal(ending.stderr.trim().split("\n").length, 1, "on one line");
    if (existsSync(`${path}.txt`)) {
      assert.ok(recall(ending.stdout, readFileSync(`${path}.txt`, "utf8")) >= 0.9, ending.stdout);
    }
  });
}
