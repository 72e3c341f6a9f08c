import assert from "node:assert/strict";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import sharp from "sharp";
import { fromTop, processTree, runQuire, startQuire, untilGone } from "./quire.ts";
import { PdfPages } from "./samples/pdfPages.ts";

const sample = (name: string) => fromTop(`samples/${name}`);
const folder = mkdtempSync(join(tmpdir(), "quire-pdf-"));
after(() => rmSync(folder, { recursive: true }));

/** `quire ocr --format pdf`. */
function makePdf(...args: string[]) {
  return runQuire(["ocr", "--quiet", "--format", "pdf", ...args]);
}

async function pagesOf(pdf: string) {
  const { stdout } = await runQuire(["ocr", "--quiet", "--format", "ndjson", "--text-layer", "only", pdf]);
  const lines = stdout.trim().split("\n");
  return lines.map((line) => JSON.parse(line) as { outcome: string; text: string });
}

const words = (text: string) => text.split(/\s+/).filter(Boolean).toSorted();

test("a scan comes back as it was, with its words in it", async () => {
  const target = join(folder, "scan.pdf");
  const made = await makePdf("--output", target, sample("scan.pdf"));
  assert.deepEqual([made.code, made.stderr], [0, ""]);
  const original = readFileSync(sample("scan.pdf"));
  assert.ok(readFileSync(target).subarray(0, original.length).equals(original));
  const read = await runQuire(["ocr", "--quiet", sample("scan.pdf")]);
  const [page] = await pagesOf(target);
  assert.equal(page?.outcome, "text_layer");
  assert.deepEqual(words(page?.text ?? ""), words(read.stdout));
});

test("a scan with a stamp that is text has the stamp's words once", async () => {
  const stamped = join(folder, "stamped.pdf");
  const { data, info } = await sharp(sample("fax.tif"))
    .toColourspace("b-w")
    .jpeg()
    .toBuffer({ resolveWithObject: true });
  const pdf = new PdfPages();
  pdf.addPage({
    ...{ widthPoints: 612, heightPoints: 792 },
    image: { width: info.width, height: info.height, data },
    content: "BT /sans 14 Tf 90 30 Td (Received by the ward) Tj ET",
  });
  writeFileSync(stamped, pdf.finish());
  const target = join(folder, "stamped-searchable.pdf");
  assert.equal((await makePdf("--output", target, stamped)).code, 0);
  const [page] = await pagesOf(target);
  assert.equal(page?.text.match(/Received/g)?.length, 1);
  assert.match(page?.text ?? "", /Heart Practice/);
  const { stdout } = await runQuire(["ocr", "--quiet", stamped]);
  assert.match(stdout, /Received by the ward/);
});

test("with --pages all pages stay, and those that were read get text", async () => {
  const target = join(folder, "some.pdf");
  assert.equal((await makePdf("--pages", "2", "--output", target, sample("mixed.pdf"))).code, 0);
  const outcomes = (await pagesOf(target)).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ["text_layer", "text_layer", "blank", "blank"]);
});

test("several documents, of whatever format, go into a folder", async () => {
  const target = join(folder, "several");
  const { code, stderr } = await makePdf("--output", target, sample("letter.pdf"), sample("fax.tif"));
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(readdirSync(target).toSorted(), ["fax.pdf", "letter.pdf"]);
  const [fax] = await pagesOf(join(target, "fax.pdf"));
  assert.match(fax?.text ?? "", /Heart Practice/);
});

test("sent on by standard output it is the same", async () => {
  const { code, stdout } = await makePdf(sample("letter.pdf"));
  assert.equal(code, 0);
  assert.match(stdout, /^%PDF-/);
});

test("what cannot be is refused with the reason, and nothing stays behind", async () => {
  const target = join(folder, "refused.pdf");
  const refusals: [string[], number, RegExp][] = [
    [
      ["--output", target, "--password", "quire", "--text-layer", "never", sample("awkward/encrypted.pdf")],
      3,
      /pdf_encrypted: /,
    ],
    [["--output", target, "--pdfa", sample("scan.pdf")], 2, /invalid_request: --pdfa is for images/],
    [[sample("scan.pdf"), sample("letter.pdf")], 2, /invalid_request: Several PDFs need a folder/],
  ];
  for (const [args, code, message] of refusals) {
    const refused = await makePdf(...args);
    assert.equal(refused.code, code, refused.stderr);
    assert.match(refused.stderr, message);
    assert.equal(refused.stdout, "");
  }
  const { code, stderr } = await runQuire(["ocr", "--pdfa", sample("fax.tif")]);
  assert.equal(code, 2);
  assert.match(stderr, /--pdfa goes with --format pdf/);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("refused")),
    [],
  );
});

test("Ctrl-C leaves no process and no half file", async () => {
  const target = join(folder, "interrupted.pdf");
  const begun = new Promise<void>((resolve) => {
    const watcher = watch(folder, (_event, name) => {
      if (name !== "interrupted.pdf.partial" || statSync(join(folder, name)).size === 0) return;
      watcher.close();
      resolve();
    });
  });
  const child = startQuire(["ocr", "--quiet", "--format", "pdf", "--output", target, sample("scan.pdf")]);
  const closed = once(child, "close");
  await begun;
  assert.ok(processTree(child.pid as number).length > 2, "the engine and the maker are running");
  process.kill(-(child.pid as number), "SIGINT");
  const [code] = await closed;
  assert.equal(code, 130);
  await untilGone(child);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("interrupted")),
    [],
  );
  assert.ok(!existsSync(target));
});
