import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { type PageResult, PageResultSchema, type Word } from "@quire/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as v from "valibot";
import { formatJson } from "../json.ts";
import { jsonPage } from "../jsonPage.ts";
import { formatNdjson } from "../ndjson.ts";
import { oddPages } from "../testing/oddPages.ts";
import { collected, letterFacts, oneByOne, pageOf, uncertainAt, wordAt } from "../testing/samplePages.ts";
import { publishedSchemas } from "./publishedSchemas.ts";

const folder = new URL("../../schemas/", import.meta.url);
const document = { name: "letter.pdf", facts: letterFacts };
const corners = [
  { x: 0, y: 20 },
  { x: 5, y: 0 },
  { x: 30, y: 5 },
  { x: 25, y: 25 },
] satisfies Word["polygon"];
const doubtful = pageOf([{ ...uncertainAt("3.7", 0, 0, "3.1"), polygon: corners }], {
  warnings: ["single_reader", "script_not_covered"],
  missingLanguage: "rus",
});
const pages = [
  pageOf([wordAt("One", 0, 0)], { warnings: ["low_resolution"] }),
  doubtful,
  ...oddPages(100, 7),
];

async function committed(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(new URL(name, folder), "utf8"));
}

test("the published schemas are those of what is written: else run `npm run schemas`", async () => {
  for (const [name, schema] of Object.entries(publishedSchemas()))
    assert.deepEqual(await committed(name), JSON.parse(JSON.stringify(schema)), name);
});

test("what is written is as the schemas say, however odd the pages", async () => {
  for (const page of pages) v.parse(PageResultSchema, page);
  const isDocument = new Ajv2020().compile(await committed("document-2.schema.json"));
  const json = JSON.parse(await collected(formatJson(document, oneByOne(pages))));
  assert.ok(isDocument(json), JSON.stringify(isDocument.errors));

  const isLine = new Ajv2020().compile(await committed("line-2.schema.json"));
  const lines = (await collected(formatNdjson(document, oneByOne(pages)))).trimEnd().split("\n");
  for (const line of lines) assert.ok(isLine(JSON.parse(line)), JSON.stringify(isLine.errors));
  assert.equal(lines.length, pages.length);
});

test("what a later release adds is valid: warnings, error codes and readers that are not known yet, and members", async () => {
  const isLine = new Ajv2020().compile(await committed("line-2.schema.json"));
  const { reader, ...line } = { version: 2, document: "letter.pdf", ...jsonPage(doubtful) };
  const later = {
    ...line,
    reader: { ...reader, engine: "another-1" },
    warnings: ["single_reader", "a_later_warning"],
    error: { code: "a_later_code", message: "" },
    tables: [],
  };
  assert.ok(isLine(later), JSON.stringify(isLine.errors));
});

test("the schemas refuse what is not written", async () => {
  const isLine = new Ajv2020().compile(await committed("line-2.schema.json"));
  const line = (change: Partial<Record<keyof PageResult | "version", unknown>>) => ({
    ...{ version: 2, document: "letter.pdf", ...jsonPage(doubtful), ...change },
  });
  assert.ok(isLine(line({})));
  for (const change of [
    { version: 1 },
    { pageNumber: 0 },
    { rotation: 45 },
    { words: [{}] },
    { outcome: "read" },
    { warnings: ["Not a code"] },
    { uncertainNumbers: undefined },
    { reader: undefined },
    { words: [{ ...wordAt("3.7", 0, 0), uncertain: undefined }] },
    { words: [{ ...wordAt("3.7", 0, 0), polygon: corners.slice(1) }] },
    { words: [{ ...wordAt("3.7", 0, 0), polygon: [...corners, ...corners] }] },
  ])
    assert.equal(isLine(line(change)), false, JSON.stringify(change));
});
