/**
 * An engine that misbehaves on demand, through the real protocol and as a real process. Its documents are
 * small JSON files: see {@link FakeDocument}.
 */
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { failedPage, type PageResult } from "@quire/core";
import type { EngineMessage, EngineRequest } from "../protocol.ts";

/** What a fake document's pages do to the engine. Pages not named are read at once. */
export interface FakeDocument {
  readonly pages: number;
  /** The engine process ends abruptly while it has this page. */
  readonly crash?: readonly number[];
  /** The same, but only the first two times; a file beside the document counts. */
  readonly crashTwice?: readonly number[];
  /** The engine's main thread stands still. */
  readonly hang?: readonly number[];
  /** V8's heap is filled until it gives up. */
  readonly exhaust?: readonly number[];
  /** The engine says something that is no message of the protocol. */
  readonly babble?: readonly number[];
  /** Opening it kills the engine. */
  readonly crashOnOpen?: boolean;
  readonly conservative?: boolean;
}

process.on("message", (request: EngineRequest) => {
  if (request.type === "configure") send({ type: "ready" });
  if (request.type === "open") {
    const { pages, crashOnOpen, conservative = false } = load(request.source.path);
    if (crashOnOpen) process.kill(process.pid, "SIGKILL");
    const facts = {
      format: "pdf",
      pageCount: pages,
      sizeBytes: request.source.sizeBytes,
      conservative,
    } as const;
    send({ type: "opened", document: request.document, facts });
  }
  if (request.type === "read") read(request.document, request.pageNumber, request.source.path);
});
process.on("disconnect", () => process.exit(0));

function read(document: number, pageNumber: number, path: string): void {
  const fake = load(path);
  send({ type: "stage", document, pageNumber, stage: "rendering" });
  if (fake.crash?.includes(pageNumber)) process.kill(process.pid, "SIGKILL");
  if (fake.crashTwice?.includes(pageNumber) && countCrash(path) <= 2) process.kill(process.pid, "SIGKILL");
  if (fake.hang?.includes(pageNumber)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (fake.exhaust?.includes(pageNumber)) exhaust();
  if (fake.babble?.includes(pageNumber))
    process.send?.({ type: "page", document, result: { pageNumber: "one" } });
  else send({ type: "page", document, result: readResult(pageNumber) });
}

/** Which crash of this document's this would be, from 1. */
function countCrash(path: string): number {
  appendFileSync(`${path}.crashes`, ".");
  return statSync(`${path}.crashes`).size;
}

/** What a fake page reads as. */
export function readResult(pageNumber: number): PageResult {
  const empty = failedPage(pageNumber, { code: "page_unreadable", message: "" });
  return { ...empty, outcome: "recognized", text: `page ${pageNumber}`, error: null };
}

function exhaust(): never {
  const held: number[][] = [];
  for (;;) held.push(Array.from({ length: 100_000 }, (_, index) => index + held.length));
}

function load(path: string): FakeDocument {
  return JSON.parse(readFileSync(path, "utf8")) as FakeDocument;
}

function send(message: EngineMessage): void {
  process.send?.(message);
}
