import assert from "node:assert/strict";
import { test } from "node:test";
import { failedPage, type PageResult, type Word } from "@quire/core";
import { formatters, type OutputFormat } from "./formats.ts";
import { uncertainAt, wordAt } from "./testing/samplePages.ts";

const facts = { format: "pdf", pageCount: 3, sizeBytes: 1000, conservative: false } as const;

function page(pageNumber: number, text: string): PageResult {
  const empty = failedPage(pageNumber, { code: "page_unreadable", message: "" });
  return { ...empty, outcome: text === "" ? "blank" : "recognized", text, error: null };
}

const pages = [page(1, "first"), page(2, ""), page(3, 'a "quoted"\nline')];

async function format(name: OutputFormat, input = pages): Promise<string[]> {
  async function* source() {
    yield* input;
  }
  const parts: string[] = [];
  for await (const part of formatters[name]({ name: "letter.pdf", facts }, source())) parts.push(part);
  return parts;
}

test("text has a form feed between pages, so that a blank page keeps its place", async () => {
  assert.equal((await format("text")).join(""), 'first\n\f\fa "quoted"\nline\n');
});

test("json is one object with the document and every page", async () => {
  const parsed = JSON.parse((await format("json")).join(""));
  assert.deepEqual(parsed.document, { name: "letter.pdf", ...facts });
  assert.deepEqual(
    parsed.pages,
    pages.map((page) => ({ ...page, uncertainNumbers: 0 })),
  );
  const { document: _, ...empty } = JSON.parse((await format("json", [])).join(""));
  assert.deepEqual(empty, { version: 2, pages: [], uncertainNumbers: 0, pagesWithUncertainNumbers: [] });
});

test("json and ndjson count uncertain numbers: those of a page, those of all, and the pages that have some", async () => {
  const doubtful = (pageNumber: number, ...words: Word[]) => ({ ...page(pageNumber, "text"), words });
  const input = [
    doubtful(1, uncertainAt("3.7", 0, 0, "3.1"), uncertainAt("120/80", 50, 0), wordAt("9", 90, 0)),
    doubtful(2, uncertainAt("maybe", 0, 0)),
    doubtful(4, uncertainAt("٣", 0, 0)),
  ];
  const parsed = JSON.parse((await format("json", input)).join(""));
  assert.equal(parsed.uncertainNumbers, 3);
  assert.deepEqual(parsed.pagesWithUncertainNumbers, [1, 4]);
  const lines = (await format("ndjson", input)).map((line) => JSON.parse(line));
  for (const pagesOf of [parsed.pages, lines])
    assert.deepEqual(
      pagesOf.map(({ uncertainNumbers }: { uncertainNumbers: number }) => uncertainNumbers),
      [2, 0, 1],
    );
});

test("ndjson is one object a line, and comes page by page", async () => {
  const parts = await format("ndjson");
  assert.equal(parts.length, pages.length);
  assert.deepEqual(
    parts.map((part) => JSON.parse(part).pageNumber),
    [1, 2, 3],
  );
  assert.ok(parts.every((part) => part.indexOf("\n") === part.length - 1));
});
