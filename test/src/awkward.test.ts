import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import sharp from "sharp";
import { type Ending, fromTop, runQuire } from "./quire.ts";

const corpus = fromTop("../shared/corpus/awkward");
const atOnce = 2;
const pageTimeoutSeconds = 60;
/** A limit that is truly passed is an answer; anything else must be read. */
const limitCodes = /file_too_large|too_many_pages|page_too_large/;

interface AwkwardFile {
  readonly path: string;
  readonly kind: string;
  readonly traits: readonly string[];
}

test("every awkward document is read, refused with a code and a remedy, or read in part", {
  skip: !existsSync(corpus),
}, async (context) => {
  const files = JSON.parse(readFileSync(`${corpus}/index.json`, "utf8")) as AwkwardFile[];
  const counts = new Map<number | null, number>();
  const notWhole: string[] = [];
  const wrong: string[] = [];

  const waiting = [...files];
  const work = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const path = `${corpus}/${file.path}`;
      const ending = await runQuire(["ocr", "--quiet", path], {
        PAGE_TIMEOUT_SECONDS: String(pageTimeoutSeconds),
      });
      counts.set(ending.code, (counts.get(ending.code) ?? 0) + 1);
      if (ending.code !== 0) notWhole.push(`${file.path}: exit ${ending.code}, ${ending.stderr.trim()}`);
      const complaint = complain(ending) ?? (await complainOfRefusal(file, path, ending));
      if (complaint) wrong.push(`${file.path}: ${complaint}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));

  context.diagnostic(`exit codes: ${[...counts].map(([code, count]) => `${code}: ${count}`).join(", ")}`);
  for (const line of notWhole.toSorted()) context.diagnostic(line);
  assert.deepEqual(wrong, []);
});

function complain({ code, stderr }: Ending): string | null {
  if (code !== 0 && code !== 3 && code !== 4) return `exit ${code}: ${stderr}`;
  if (/\n\s+at /.test(stderr)) return `stack trace: ${stderr}`;
  if (code !== 0 && !/: [a-z_]+: .+\.\s*$/m.test(stderr)) return `no code and remedy: ${stderr}`;
  return null;
}

/** A document that a common tool can open must not be refused. */
async function complainOfRefusal(
  { kind, traits }: AwkwardFile,
  path: string,
  { code, stderr }: Ending,
): Promise<string | null> {
  if (code !== 3 || limitCodes.test(stderr)) return null;
  const readable =
    kind === "pdf"
      ? !traits.includes("pdfinfo-rejects") && !traits.includes("needs-password")
      : kind === "tiff"
        ? !traits.includes("tiffinfo-rejects")
        : await sharpDecodes(path);
  return readable ? `refused, though it can be opened: ${stderr}` : null;
}

async function sharpDecodes(path: string): Promise<boolean> {
  return sharp(path)
    .stats()
    .then(
      () => true,
      () => false,
    );
}
