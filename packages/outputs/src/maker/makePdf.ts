import type { PageResult } from "@quire/core";
import { sizeOf } from "@quire/engine";
import { DocumentLinks, isolationOf } from "@quire/engine/confinement";
import type { PdfSource } from "../pdf/writePdf.ts";
import { checkedPdf } from "./checkedPdf.ts";
import { converse, type Sent } from "./conversation.ts";
import { MakerClock } from "./makerClock.ts";
import { MakerProcess, makerFailed } from "./makerProcess.ts";

export interface MakePdfOptions {
  /** Ends the making, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Where the link to the original is made; null: in the system's temporary folder. */
  readonly tempDir?: string | null;
  /** Whether the original belongs to this process's user: then the maker is kept apart better (`isolationOf`). */
  readonly ownFilesOnly?: boolean;
  /** How long nothing may come of the maker while it has what it needs, in milliseconds. */
  readonly answerWithinMs?: number;
  readonly maxHeapMegabytes?: number;
  /** The module that the process runs: the maker, or in tests one that misbehaves. */
  readonly entry?: URL;
}

const makerEntry = new URL("./child/main.js", import.meta.url);

/** It starts in half a second, and the largest picture takes some; on a tenth of a processor ten times that. */
const usualAnswerWithinMs = 120_000;
/** What it holds is one page and the places of the original's objects. */
const usualHeapMegabytes = 128;
const linkNumber = 1;

/** The most a PDF may have, against a maker that never ends: twice the original, and the words in their PDF syntax. */
const mostBytesByByte = 4;
const frameBytes = 1024 * 1024;
/** Of pages that were images: four colours of 16 bits; and as many pixels as are read by default. */
const mostBytesByPixel = 8;
const usualMostPixels = 100_000_000;

/**
 * Makes a searchable PDF of a document and what was read of it, in a process of its own that may read nothing but the
 * original. What is held here is a chunk of the PDF and a page. Pages are asked for one at a time, and none after a
 * refusal, which comes at the latest with the first page that was recognised: so nobody recognises the others in vain.
 * To stop before the end, return the generator or abort the signal: then the process is gone.
 *
 * @param pages in page order; those left out stay as they are
 * @returns the PDF's bytes
 * @throws QuireError why there can be none (`pdf_signed`, `pdf_encrypted`, `pdf_unwritable`, `pdf_maker_failed`, …);
 *   `temp_dir_unavailable`; whatever `pages` throws; the signal's reason
 */
export async function* makePdf(
  source: PdfSource,
  pages: AsyncIterable<PageResult>,
  options: MakePdfOptions = {},
): AsyncGenerator<Uint8Array> {
  options.signal?.throwIfAborted();
  const links = DocumentLinks.create(null, options.tempDir ?? null);
  try {
    const path = await links.add(linkNumber, source.path);
    const sizeBytes = await sizeOf(source.path);
    // An abort while the above was awaited: from here on, the process has a listener for it.
    options.signal?.throwIfAborted();
    const maker = new MakerProcess({
      entry: options.entry ?? makerEntry,
      documentsFolder: links.folder,
      isolation: isolationOf(options.ownFilesOnly ?? false),
      maxHeapMegabytes: options.maxHeapMegabytes ?? usualHeapMegabytes,
    });
    yield* output(maker, { source: { ...source, path }, sizeBytes }, pages, options);
  } finally {
    links.close();
  }
}

async function* output(
  maker: MakerProcess,
  { source, sizeBytes }: { readonly source: PdfSource; readonly sizeBytes: number },
  pages: AsyncIterable<PageResult>,
  { signal, answerWithinMs = usualAnswerWithinMs }: MakePdfOptions,
): AsyncGenerator<Uint8Array> {
  const clock = new MakerClock(answerWithinMs, () =>
    maker.kill(makerFailed(`did not go on for ${answerWithinMs / 1_000} s`)),
  );
  const sent: Sent = { bytes: 0 };
  const mostBytes = () => mostBytesByByte * (sizeBytes + sent.bytes) + frameBytes + picturesBytes(source);
  const abort = () => maker.kill(signal?.reason);
  signal?.addEventListener("abort", abort);
  const said = converse(maker, source, pages, { clock, sent });
  said.catch((error) => maker.kill(error));
  try {
    clock.isAwaited = true;
    for await (const chunk of checkedPdf(maker.output, mostBytes)) {
      clock.isAwaited = false;
      yield chunk;
      clock.isAwaited = true;
    }
    await said;
  } finally {
    clock.stop();
    signal?.removeEventListener("abort", abort);
    await maker.end();
    await said.catch(() => {});
  }
}

function picturesBytes({ format, pageCount, maxPagePixels = usualMostPixels }: PdfSource): number {
  return format === "pdf" ? 0 : pageCount * maxPagePixels * mostBytesByPixel;
}
