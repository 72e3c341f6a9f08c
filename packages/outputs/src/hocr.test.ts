import assert from "node:assert/strict";
import { test } from "node:test";
import { failedPage, type PageReader, type PageResult } from "@quire/core";
import { formatHocr } from "./hocr.ts";
import { oddPages } from "./testing/oddPages.ts";
import { collected, letterFacts, oneByOne, pageOf, uncertainAt, wordAt } from "./testing/samplePages.ts";
import { assertValidXml, xmlFaults } from "./testing/xmlCheck.ts";

const schema = "hocr-as-written.xsd";

async function hocr(pages: readonly PageResult[], name = "letter.pdf"): Promise<string> {
  return collected(formatHocr({ name, facts: letterFacts }, oneByOne(pages)));
}

test("a page has its areas, lines and words where they stand", async () => {
  const words = [wordAt("Two", 10, 5), wordAt("wörds", 50, 5), wordAt("below", 10, 40, 1, 1)];
  const html = await hocr([pageOf(words)]);
  await assertValidXml(html, schema);
  assert.match(
    html,
    /<div class="ocr_page" id="page_1" title="image &quot;letter.pdf&quot;; bbox 0 0 1000 1400; ppageno 0; scan_res 100 100; x_reader &quot;pp-ocr 2&quot;; x_quality balanced; x_models &quot;detection&quot; &quot;recognition%3B latin&quot;" lang="en" xml:lang="en">/,
  );
  assert.match(html, /<div class="ocr_carea" id="block_1_1" title="bbox 10 5 100 25">/);
  assert.match(
    html,
    /<span class="ocrx_word" id="word_1_1_1_1" title="bbox 10 5 40 25; x_wconf 92; x_uncertain 0">Two<\/span> <span [^>]*>wörds</,
  );
});

test("it is HTML for a parser that knows no XML: no declaration, and no tag that closes itself but void ones", async () => {
  const html = await hocr([pageOf([wordAt("One", 0, 0)]), { ...pageOf([]), pageNumber: 2 }]);
  assert.ok(html.startsWith("<!DOCTYPE html>\n<html "));
  assert.deepEqual(
    new Set(html.match(/<(\w+)[^>]*\/>/g)?.map((tag) => /\w+/.exec(tag)?.[0])),
    new Set(["meta", "br"]),
  );
});

test("a line on its side has its angle, one merely askew its baseline", async () => {
  const line = [wordAt("0123456789", 100, 50)];
  const lean = async (about: Partial<PageResult>) =>
    /class="ocr_line"[^>]*bbox [\d ]+([^"]*)"/.exec(await hocr([pageOf(line, about)]))?.[1];
  assert.equal(await lean({}), "");
  assert.equal(await lean({ orientation: 90 }), "; textangle 90");
  assert.equal(await lean({ orientation: 180, skew: -1 }), "; textangle 181");
  // tan 5° = 0.0875, on 100 pixels 9: it begins so far above the bottom and ends at it.
  assert.equal(await lean({ skew: 5 }), "; baseline 0.0875 -9");
  assert.equal(await lean({ skew: -5 }), "; baseline -0.0875 0");
});

test("an uncertain word says so, with what the other reader read; its text is its own reading only", async () => {
  const html = await hocr([
    pageOf([uncertainAt("3.7", 10, 5, '3";%22\u200E'), uncertainAt("50%", 50, 5, "60%")]),
  ]);
  await assertValidXml(html, schema);
  assert.match(html, /x_wconf 48; x_uncertain 1; x_alternative &quot;3%22%3B%2522&quot;">3.7</);
  assert.match(html, /x_uncertain 1; x_alternative &quot;60%&quot;">50%</);
});

test("each page says what read it; one on which nothing was recognised does not", async () => {
  const tesseract: PageReader = { engine: "tesseract", version: 2, quality: "fast", models: [] };
  const html = await hocr([
    pageOf([]),
    pageOf([], { pageNumber: 2, reader: tesseract }),
    pageOf([], { pageNumber: 3, outcome: "text_layer", reader: null }),
  ]);
  assert.deepEqual(
    [...html.matchAll(/ppageno \d+; scan_res 100 100(?:; x_reader &quot;([^&]+)&quot;)?/g)].map(
      ([, of]) => of,
    ),
    ["pp-ocr 2", "tesseract 2", undefined],
  );
});

test("pages without words keep their place", async () => {
  const failed = failedPage(2, { code: "page_unreadable", message: "No." });
  const html = await hocr([
    pageOf([wordAt("One", 0, 0)]),
    failed,
    { ...pageOf([wordAt("3", 0, 0)]), pageNumber: 3 },
  ]);
  await assertValidXml(html, schema);
  assert.deepEqual(html.match(/ppageno \d/g), ["ppageno 0", "ppageno 1", "ppageno 2"]);
  await assertValidXml(await hocr([]), schema);
});

test("it is valid whatever a page and the file's name hold", async () => {
  for (const seed of [1, 2, 3]) {
    const html = await hocr(oddPages(60, seed), `a <&"\0;\\\uD800>.pdf`);
    await assertValidXml(html, schema);
    assert.doesNotMatch(html, /[\u200E\u200F]/);
  }
});

test("the schema of these tests refuses what is not hOCR", async () => {
  const html = await hocr([pageOf([wordAt("One", 0, 0)])]);
  const spoilt = [
    html.replace("x_wconf 92", "x_wconf 920"),
    html.replace("bbox 0 0 30 20", "bbox -1 0 30 20"),
    html.replace('id="line_1_1_1"', 'id="page_1"'),
    html.replace("One<", "O<ne<"),
  ];
  for (const contents of spoilt) {
    assert.notEqual(contents, html);
    assert.notEqual(await xmlFaults(contents, schema), "");
  }
});
