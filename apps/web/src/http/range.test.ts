import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request, Response } from "express";
import { rangeOf } from "./range.ts";

const etag = '"abc"';

function ask(
  range: string | undefined,
  { ifRange, sizeBytes = 100 }: { ifRange?: string; sizeBytes?: number } = {},
) {
  const headers: Record<string, string | undefined> = { Range: range, "If-Range": ifRange };
  const request = { get: (name: string) => headers[name] } as unknown as Request;
  const set: Record<string, string> = {};
  const response = {
    set: (name: string, value: string) => {
      set[name] = value;
    },
  } as unknown as Response;
  try {
    return rangeOf(request, response, { sizeBytes, etag });
  } catch (error) {
    return { code: (error as { code: string }).code, of: set["Content-Range"] };
  }
}

test("one range is given: from, from to, the last ones", () => {
  assert.deepEqual(ask("bytes=10-19"), { start: 10, end: 19 });
  assert.deepEqual(ask("bytes=90-"), { start: 90, end: 99 });
  assert.deepEqual(ask("bytes=90-1000"), { start: 90, end: 99 });
  assert.deepEqual(ask("bytes=-5"), { start: 95, end: 99 });
  assert.deepEqual(ask("bytes=-1000"), { start: 0, end: 99 });
  assert.deepEqual(ask("BYTES=0-0"), { start: 0, end: 0 });
});

test("what is behind the end cannot be given, and its size is told", () => {
  for (const range of ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=999999999999999-"])
    assert.deepEqual(ask(range), { code: "range_not_satisfiable", of: "bytes */100" });
  assert.deepEqual(ask("bytes=0-", { sizeBytes: 0 }), { code: "range_not_satisfiable", of: "bytes */0" });
});

test("several ranges, or none that can be read, are answered with all of it", () => {
  for (const range of [
    undefined,
    "",
    "bytes=0-1,5-6",
    "bytes=-",
    "bytes=5-2",
    "items=0-1",
    "bytes=a-b",
    "bytes=1e3-",
  ])
    assert.equal(ask(range), null, range);
});

test("a range of another content is answered with all of this one", () => {
  assert.deepEqual(ask("bytes=10-19", { ifRange: etag }), { start: 10, end: 19 });
  for (const ifRange of ['"other"', 'W/"abc"', "Wed, 21 Oct 2026 07:28:00 GMT"])
    assert.equal(ask("bytes=10-19", { ifRange }), null, ifRange);
});
