import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "content-disposition";
import { downloadOnceMade, nameIn } from "./download.ts";
import { Problem } from "./problem.ts";

test("a file is saved under the name that the server gives", () => {
  const names = [
    "scan.pdf",
    "two words.txt",
    'with "quotes".json',
    "Entlaßbrief – März.pdf",
    "100 %.tif",
    "a;b.png",
  ];
  for (const name of names) assert.equal(nameIn(create(name)), name);
  assert.equal(nameIn("attachment"), "document");
});

/** Answers as the server does: busy so often, then for good with this. */
function answers(busy: number, last: Response): () => Promise<Response> {
  let asked = 0;
  return async () => {
    if (asked++ >= busy) return last;
    const body = JSON.stringify({ code: "output_busy", detail: "It is being made.", retryable: true });
    return new Response(body, { status: 503, headers: { "retry-after": "2" } });
  };
}

test("what is still being made is asked for again, when the server says, and why it cannot be is told", async () => {
  const refusal = JSON.stringify({ code: "pdf_signed", detail: "The original is signed.", retryable: false });
  const waited: number[] = [];
  const wait = async (seconds: number) => {
    waited.push(seconds);
  };
  const making = downloadOnceMade("/pdf", answers(3, new Response(refusal, { status: 409 })), wait);
  await assert.rejects(making, (error) => error instanceof Problem && error.code === "pdf_signed");
  assert.deepEqual(waited, [2, 2, 2]);
  const never = downloadOnceMade("/pdf", answers(Number.POSITIVE_INFINITY, new Response()), wait);
  await assert.rejects(never, (error) => error instanceof Problem && error.code === "output_busy");
});
