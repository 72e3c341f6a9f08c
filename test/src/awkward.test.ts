import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, parse } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { fromTop, runQuire } from "./quire.ts";

const corpus = fromTop("../shared/corpus/awkward");
const atOnce = 2;
/** Read by one command after the other: starting it takes longer than most of them. */
const filesOfACommand = 12;
const pageTimeoutSeconds = 60;
/** A limit that is truly passed is an answer; anything else must be read. */
const limitCodes = ["file_too_large", "too_many_pages", "page_too_large"];

interface AwkwardFile {
  readonly path: string;
  readonly kind: string;
  readonly traits: readonly string[];
}

test("every awkward document is read, refused with a code and a remedy, or read in part", {
  skip: !existsSync(corpus),
}, async (context) => {
  const files = JSON.parse(readFileSync(`${corpus}/index.json`, "utf8")) as AwkwardFile[];
  const counts = { read: 0, "in part": 0, refused: 0 };
  const notWhole: string[] = [];
  const wrong: string[] = [];

  const waiting = inBatches(files);
  const work = async () => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
      const output = mkdtempSync(join(tmpdir(), "quire-awkward-"));
      const { code, stderr } = await runQuire(
        ["ocr", "--quiet", "--output", output, ...batch.map(({ path }) => `${corpus}/${path}`)],
        { PAGE_TIMEOUT_SECONDS: String(pageTimeoutSeconds) },
      );
      if (code !== 0 && code !== 3 && code !== 4) wrong.push(`exit ${code}: ${stderr}`);
      if (/\n\s+at /.test(stderr)) wrong.push(`stack trace: ${stderr}`);
      const written = new Set(readdirSync(output).map((name) => parse(name).name));
      rmSync(output, { recursive: true });
      for (const file of batch) {
        const said = stderr.split("\n").filter((line) => line.startsWith(`quire: ${basename(file.path)}: `));
        notWhole.push(...said);
        if (!said.every((line) => /: [a-z_]+: .+\.$/.test(line))) wrong.push(`no code and remedy: ${said}`);
        const isWritten = written.has(parse(file.path).name);
        counts[isWritten ? (said.length > 0 ? "in part" : "read") : "refused"] += 1;
        if (!isWritten && !(await mayBeRefused(file, said))) wrong.push(`${file.path} was not read: ${said}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));

  context.diagnostic(JSON.stringify(counts));
  for (const line of notWhole.toSorted()) context.diagnostic(line);
  assert.deepEqual(wrong, []);
});

/** Of one format and folder each, so that what is written, which is named by the file's name, tells which it was. */
function inBatches(files: readonly AwkwardFile[]): AwkwardFile[][] {
  const alike = Map.groupBy(files, ({ path }) => dirname(path) + extname(path));
  return [...alike.values()].flatMap((some) =>
    Array.from({ length: Math.ceil(some.length / filesOfACommand) }, (_, n) =>
      some.slice(n * filesOfACommand, (n + 1) * filesOfACommand),
    ),
  );
}

/** A document that a common tool can open must not be refused, and none without a reason. */
async function mayBeRefused({ path, kind, traits }: AwkwardFile, said: readonly string[]): Promise<boolean> {
  if (said.length === 0) return false;
  if (said.some((line) => limitCodes.some((code) => line.includes(`: ${code}: `)))) return true;
  if (kind === "pdf") return traits.includes("pdfinfo-rejects") || traits.includes("needs-password");
  if (kind === "tiff") return traits.includes("tiffinfo-rejects");
  return !(await sharpDecodes(`${corpus}/${path}`));
}

async function sharpDecodes(path: string): Promise<boolean> {
  return sharp(path)
    .stats()
    .then(
      () => true,
      () => false,
    );
}
