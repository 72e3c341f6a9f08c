import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleDocument } from "../testing/samples.ts";
import { type ListData, withDocument } from "./listCache.ts";

const at = (hour: number) => `2026-01-02T0${hour}:00:00.000Z`;
const list = (next: string | null = null): ListData => ({
  pages: [
    {
      documents: [
        sampleDocument({ id: "b", createdAt: at(5), revision: 5 }),
        sampleDocument({ id: "a", createdAt: at(2) }),
      ],
      next,
    },
  ],
  pageParams: [null],
});
const ids = (data: ListData) => data.pages.flatMap(({ documents }) => documents.map(({ id }) => id));

test("a new document comes first, a known one keeps its place", () => {
  assert.deepEqual(ids(withDocument(list(), sampleDocument({ id: "c", createdAt: at(8) }), null)), [
    "c",
    "b",
    "a",
  ]);
  const changed = withDocument(list(), sampleDocument({ id: "a", createdAt: at(2), filename: "new" }), null);
  assert.deepEqual(ids(changed), ["b", "a"]);
  assert.equal(changed.pages[0]?.documents[1]?.filename, "new");
});

test("what has been overtaken changes nothing", () => {
  const data = list();
  assert.equal(withDocument(data, sampleDocument({ id: "b", revision: 4 }), null), data);
});

test("a list by status loses what is no longer like this", () => {
  assert.deepEqual(ids(withDocument(list(), sampleDocument({ id: "b", status: "failed" }), "completed")), [
    "a",
  ]);
});

test("an old document that a longer list would have is not put at its end", () => {
  assert.deepEqual(ids(withDocument(list("more"), sampleDocument({ id: "old", createdAt: at(1) }), null)), [
    "b",
    "a",
  ]);
  assert.deepEqual(ids(withDocument(list(), sampleDocument({ id: "old", createdAt: at(1) }), null)), [
    "b",
    "a",
    "old",
  ]);
});
