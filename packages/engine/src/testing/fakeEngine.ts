/**
 * An engine that misbehaves on demand, through the real protocol and as a real process. Its documents are
 * small JSON files: see {@link FakeDocument}.
 */
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { failedPage, type PageResult } from "@quire/core";
import { collectGarbage, heapFigures } from "@quire/memory";
import type { EngineMessage, EngineRequest } from "../protocol.ts";

/** What a fake document's pages do to the engine. Pages not named are read at once. */
export interface FakeDocument {
  readonly pages: number;
  /** The engine process crashes while it has this page. */
  readonly crash?: readonly number[];
  /** Somebody kills the engine process while it has this page, the first so many times. */
  readonly killed?: { readonly page: number; readonly times: number };
  /** The whole worker is killed while the engine has this page. */
  readonly killWorker?: readonly number[];
  /** The same, but only the first two times; a file beside the document counts. */
  readonly crashTwice?: readonly number[];
  /** The engine's main thread stands still. */
  readonly hang?: readonly number[];
  /** Nothing is ever heard of the page. */
  readonly mute?: readonly number[];
  /** Nor of the opening. */
  readonly muteOnOpen?: boolean;
  /** V8's heap is filled until it gives up. */
  readonly exhaust?: readonly number[];
  /** The engine says something that is no message of the protocol. */
  readonly babble?: readonly number[];
  /** The page does not fit while the engine may have others. */
  readonly unfit?: readonly number[];
  /** Where previews are asked for, each page has one of so many bytes: no picture, but it begins like one. */
  readonly previewBytes?: number;
  /** The pages are read, and the engine crashes, or stands still, while it draws their pictures. */
  readonly crashDrawing?: readonly number[];
  readonly hangDrawing?: readonly number[];
  /** Opening it kills the engine. */
  readonly crashOnOpen?: boolean;
  readonly conservative?: boolean;
  /** How long a page takes. */
  readonly pageMs?: number;
  /** As with one OCR thread: a page that was sent ahead waits until the one before it is done. */
  readonly oneAtATime?: boolean;
  /** Each page leaves so many MB (1,000,000 bytes) of touched memory behind, which the engine keeps until it dies. */
  readonly leakMb?: number;
  /** Each page touches so many MB while it is read, and lets go of them. */
  readonly holdMb?: number;
  /** A file to which each page that is begun adds a line: the time, the document's file, the page, with what care. */
  readonly journal?: string;
}

type ReadRequest = Extract<EngineRequest, { type: "read" }>;

const megabyte = 1_000_000;
const leaked: Buffer[] = [];
/** When the one thread of {@link FakeDocument.oneAtATime} has done all that it was given. */
let threadFree: Promise<void> = Promise.resolve();
let pagesBegun = 0;
let pagesRead = 0;

process.on("message", (request: EngineRequest) => {
  if (request.type === "configure") send({ type: "ready" });
  if (request.type === "warm") send({ type: "warmed" });
  if (request.type === "open") {
    const { pages, crashOnOpen, muteOnOpen, conservative = false } = load(request.source.path);
    if (muteOnOpen) return;
    if (crashOnOpen) process.kill(process.pid, "SIGSEGV");
    const facts = {
      format: "pdf",
      pageCount: pages,
      sizeBytes: request.source.sizeBytes,
      conservative,
    } as const;
    send({ type: "opened", document: request.document, facts });
  }
  if (request.type === "read") read(request);
});
process.on("disconnect", () => process.exit(0));

function read({ document, pageNumber, source, care }: ReadRequest): void {
  const { path, options } = source;
  const fake = load(path);
  pagesBegun++;
  send({ type: "stage", document, pageNumber, stage: "rendering" });
  if (fake.journal) appendFileSync(fake.journal, `${Date.now()} ${basename(path)} ${pageNumber} ${care}\n`);
  if (care === "usual" && fake.unfit?.includes(pageNumber)) {
    send({ type: "unfit", document, pageNumber });
    return;
  }
  if (fake.crash?.includes(pageNumber)) process.kill(process.pid, "SIGSEGV");
  if (fake.crashTwice?.includes(pageNumber) && countCrash(path) <= 2) process.kill(process.pid, "SIGSEGV");
  if (fake.killed?.page === pageNumber && countCrash(path) <= fake.killed.times) killed(process.pid);
  if (fake.killWorker?.includes(pageNumber)) killed(process.ppid);
  if (fake.hang?.includes(pageNumber)) standStill();
  if (fake.exhaust?.includes(pageNumber)) exhaust();
  if (fake.mute?.includes(pageNumber)) {
    send({ type: "stage", document, pageNumber, stage: "waiting" });
    return;
  }
  const draw = options.preview ? drawing(fake, pageNumber) : null;
  if (draw) {
    process.send?.({ type: "text", document, result: readResult(pageNumber) } satisfies EngineMessage, draw);
    return;
  }
  if (fake.babble?.includes(pageNumber))
    process.send?.({ type: "page", document, result: { pageNumber: "one" } });
  else {
    if (fake.leakMb) leaked.push(touched(fake.leakMb));
    let held = fake.holdMb ? touched(fake.holdMb) : null;
    const finish = () => {
      if (held) {
        held = null;
        collectGarbage();
      }
      pagesRead++;
      sendFigures();
      const preview = options.preview && fake.previewBytes ? fakePreview(fake.previewBytes) : null;
      const result = { ...readResult(pageNumber), languages: [...options.languages] };
      send({ type: "page", document, result, preview });
    };
    if (fake.oneAtATime) threadFree = threadFree.then(() => delay(fake.pageMs)).then(finish);
    else if (fake.pageMs) setTimeout(finish, fake.pageMs);
    else finish();
  }
}

/** What drawing this page's picture comes to; null if it is made. */
function drawing({ crashDrawing, hangDrawing }: FakeDocument, pageNumber: number): (() => void) | null {
  if (crashDrawing?.includes(pageNumber)) return () => process.kill(process.pid, "SIGSEGV");
  if (hangDrawing?.includes(pageNumber)) return standStill;
  return null;
}

function sendFigures(): void {
  const figures = { rss: process.memoryUsage.rss(), heap: heapFigures(), threads: [], pagesBegun, pagesRead };
  send({ type: "figures", figures });
}

/** Memory outside V8's heap, as images and WebAssembly have it, written to so that it is really there. */
function touched(megabytes: number): Buffer {
  return Buffer.alloc(megabytes * megabyte, 1);
}

/** What every WebP begins with (RFC 9649, section 2.4). */
const webpHead = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");

function fakePreview(bytes: number): Uint8Array {
  return Buffer.concat([webpHead, Buffer.alloc(bytes - webpHead.length)]);
}

function standStill(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** A kill from outside, which must not be outrun by the page's result. */
function killed(pid: number): void {
  process.kill(pid, "SIGKILL");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000);
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
