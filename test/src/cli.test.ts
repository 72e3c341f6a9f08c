import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fromTop, processTree, runQuire, startQuire, untilGone } from "./quire.ts";

const sample = (name: string) => fromTop(`samples/${name}`);
const folder = mkdtempSync(join(tmpdir(), "quire-cli-"));
after(() => rmSync(folder, { recursive: true }));

/** Resolves when the command has written its first page. */
async function firstPage(child: ChildProcess): Promise<void> {
  if (child.stdout) await once(child.stdout, "data");
}

test("help and version", async () => {
  const help = await runQuire(["ocr", "--help"]);
  assert.equal(help.code, 0);
  for (const option of [
    "--format",
    "--output",
    "--pages",
    "--lang",
    "--threads",
    "--text-layer",
    "--password",
    "--quiet",
  ]) {
    assert.match(help.stdout, new RegExp(option));
  }
  const version = await runQuire(["--version"]);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

test("wrong usage ends in 2 and says why", async () => {
  const usages: [string[], Record<string, string>, RegExp][] = [
    [["ocr"], {}, /missing required argument/],
    [["ocr", "--format", "docx", sample("letter.pdf")], {}, /Allowed choices are text, .*ndjson/],
    [["ocr", "--pages", "0", sample("letter.pdf")], {}, /no page or range/],
    [
      ["ocr", "--pages", "3", sample("letter.pdf")],
      {},
      /page_out_of_range: There is no page 3: the document has 2/,
    ],
    [["ocr", "--threads", "none", sample("letter.pdf")], {}, /whole number/],
    [
      ["ocr", "--lang", "xyz", sample("letter.pdf")],
      {},
      /language_missing: .*npm install @tesseract.js-data\/xyz/,
    ],
    [["ocr", "--lang", "../eng", sample("letter.pdf")], {}, /language_missing/],
    [["ocr", sample("letter.pdf")], { MAX_PAGES: "all" }, /invalid_configuration: .*MAX_PAGES/],
  ];
  for (const [args, env, message] of usages) {
    const { code, stderr } = await runQuire(args, env);
    assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, message);
  }
});

test("limits from the environment refuse with figure, limit and remedy", async () => {
  const tooMany = await runQuire(["ocr", sample("report.tif")], { MAX_PAGES: "2" });
  assert.equal(tooMany.code, 3);
  assert.match(tooMany.stderr, /too_many_pages: 3 pages are over the limit of 2\. Split the document/);
  const tooLarge = await runQuire(["ocr", sample("scan.pdf")], { MAX_FILE_MB: "0.2" });
  assert.equal(tooLarge.code, 3);
  assert.match(tooLarge.stderr, /file_too_large: 0\.4 MB is over the 0\.2 MB limit/);
  const tooFine = await runQuire(["ocr", "--text-layer", "never", sample("mixed.pdf")], {
    MAX_PAGE_MEGAPIXELS: "0.05",
  });
  assert.equal(tooFine.code, 4);
  assert.match(tooFine.stderr, /page 2: page_too_large: /);
});

test("a missing file ends in 3, and the others are read all the same", async () => {
  const { code, stdout, stderr } = await runQuire([
    "ocr",
    "--quiet",
    join(folder, "missing.pdf"),
    sample("letter.pdf"),
  ]);
  assert.equal(code, 3);
  assert.match(stderr, /^quire: missing\.pdf: file_unreadable: /);
  assert.ok(stdout.length > 500);
});

test("several documents go into a folder, each under its name, and nothing half written stays", async () => {
  const target = join(folder, "texts");
  const { code } = await runQuire([
    "ocr",
    "--quiet",
    "--output",
    target,
    sample("letter.pdf"),
    sample("fax.tif"),
  ]);
  assert.equal(code, 0);
  assert.deepEqual(readdirSync(target).toSorted(), ["fax.txt", "letter.txt"]);
  const refused = join(folder, "refused.txt");
  assert.equal((await runQuire(["ocr", "--output", refused, sample("awkward/garbage.pdf")])).code, 3);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("refused")),
    [],
  );
});

test("json has every page with its words inside the page", async () => {
  const { stdout } = await runQuire(["ocr", "--quiet", "--format", "json", sample("mixed.pdf")]);
  const { version, document, pages } = JSON.parse(stdout);
  assert.equal(version, 2);
  assert.equal(document.pageCount, 4);
  assert.deepEqual(
    pages.map(({ outcome, rotation }: { outcome: string; rotation: number }) => [outcome, rotation]),
    [
      ["text_layer", 0],
      ["recognized", 0],
      ["blank", 0],
      ["recognized", 90],
    ],
  );
  for (const { words, width, height } of pages) {
    for (const { box } of words) {
      assert.ok(
        box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 1 && box.y + box.height <= height + 1,
      );
    }
  }
});

test("the text layer is taken, left aside, or all there is, as asked", async () => {
  const read = async (mode: string, file: string) => {
    const { stdout } = await runQuire([
      "ocr",
      "--quiet",
      "--format",
      "ndjson",
      "--pages",
      "1",
      "--text-layer",
      mode,
      sample(file),
    ]);
    return JSON.parse(stdout) as { outcome: string; warnings: string[]; text: string };
  };
  assert.equal((await read("never", "letter.pdf")).outcome, "recognized");
  assert.equal((await read("only", "scan.pdf")).outcome, "blank");
  const hidden = await read("auto", "awkward/hidden-text.pdf");
  assert.equal(hidden.outcome, "recognized");
  assert.deepEqual(hidden.warnings.includes("text_layer_hidden"), true);
  const wanted = await read("only", "awkward/hidden-text.pdf");
  assert.equal(wanted.outcome, "text_layer");
  assert.notEqual(wanted.text, hidden.text);
});

test("a password given opens the document", async () => {
  const { code, stdout } = await runQuire([
    "ocr",
    "--quiet",
    "--password",
    "quire",
    sample("awkward/encrypted.pdf"),
  ]);
  assert.equal(code, 0);
  assert.ok(stdout.trim().length > 0);
});

test("two languages are read with two models", async () => {
  const { code, stdout } = await runQuire(["ocr", "--quiet", "--lang", "eng+fra", sample("scan.pdf")]);
  assert.equal(code, 0);
  assert.ok(stdout.length > 500);
});

test("the languages that are installed are listed, for people and for programs", async () => {
  const told = await runQuire(["languages"]);
  assert.equal(told.code, 0);
  assert.match(told.stdout, /^eng +English +Latin /m);
  assert.match(told.stdout, /npm install @tesseract\.js-data\//);
  const { stdout } = await runQuire(["languages", "--json"]);
  const { languages } = JSON.parse(stdout) as {
    languages: { language: string; name: string; usual: boolean }[];
  };
  assert.ok(languages.some(({ language, name }) => language === "fra" && name === "French"));
  assert.deepEqual(
    languages.filter(({ usual }) => usual).map(({ language }) => language),
    ["eng"],
  );

  const none = await runQuire(["languages"], { TESSDATA_DIR: fromTop("samples") });
  assert.match(none.stdout, /^No language is installed\.\n\nAdd one: .*TESSDATA_DIR/);
});

test("an output that cannot be written is told in one line, and nothing stays behind", async () => {
  for (const target of [join(folder, "missing", "out.txt"), "/dev/full"]) {
    if (target === "/dev/full" && !existsSync(target)) continue;
    const { code, stderr } = await runQuire(["ocr", "--quiet", "--output", target, sample("letter.pdf")]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^quire: letter\.pdf: output_unwritable: The output cannot be written \(E[A-Z]+\)\. Check .*\n$/,
    );
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".partial")),
    [],
  );
});

test("into a folder one document goes under its own name, as several do", async () => {
  const target = join(folder, "results");
  mkdirSync(target);
  const { code } = await runQuire(["ocr", "--quiet", "--output", target, sample("letter.pdf")]);
  assert.equal(code, 0);
  assert.deepEqual(readdirSync(target), ["letter.txt"]);
});

test("whoever stops reading the output is no error, and leaves no engine behind", async () => {
  const child = startQuire(["ocr", "--quiet", "--text-layer", "never", sample("report.tif")]);
  const closed = once(child, "close");
  await firstPage(child);
  child.stdout?.destroy();
  const [code] = await closed;
  assert.equal(code, 0);
  await untilGone(child);
});

test("Ctrl-C ends the command at once and leaves no engine behind", async () => {
  const child = startQuire(["ocr", "--quiet", "--text-layer", "never", sample("report.tif")]);
  const closed = once(child, "close");
  await firstPage(child);
  assert.ok(processTree(child.pid as number).length > 1, "the engine is running");
  child.kill("SIGINT");
  const [code] = await closed;
  assert.equal(code, 130);
  await untilGone(child);
});

test("an engine killed in the middle costs no page", async () => {
  const child = startQuire([
    "ocr",
    "--quiet",
    "--format",
    "ndjson",
    "--text-layer",
    "never",
    sample("report.tif"),
  ]);
  const closed = once(child, "close");
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  await firstPage(child);
  const engine = processTree(child.pid as number).find((pid) => pid !== child.pid);
  process.kill(engine as number, "SIGKILL");
  const [code] = await closed;
  assert.equal(code, 0);
  const pages = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { pageNumber: number; outcome: string });
  assert.deepEqual(
    pages.map(({ pageNumber }) => pageNumber),
    [1, 2, 3],
  );
  assert.ok(pages.every(({ outcome }) => outcome === "recognized"));
});

test("progress goes to standard error, one summary a document, and not when quiet", async () => {
  const loud = await runQuire(["ocr", sample("letter.pdf")]);
  assert.match(loud.stderr, /letter\.pdf: 2 pages \(2 from the text layer\) in \d+ s\n/);
  const quiet = await runQuire(["ocr", "--quiet", sample("letter.pdf")]);
  assert.equal(quiet.stderr, "");
});

test("collections are told when asked: after every page in conservative mode, and after the document", async () => {
  const files = [sample("mixed.pdf"), sample("letter.pdf")];
  const told = await runQuire(["ocr", "--verbose", ...files], { WARN_PAGES: "3" });
  const pattern = /collected after page (\d+): [\d.]+ MB before, [\d.]+ after, -?[\d.]+ freed/g;
  // Pages 1 to 4, and once more when the four-page document is closed; the last document ends with the command.
  assert.deepEqual([...told.stderr.matchAll(pattern)].map(([, page]) => page).slice(0, 5), [
    "1",
    "2",
    "3",
    "4",
    "4",
  ]);
});
