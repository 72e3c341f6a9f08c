import { createReadStream } from "node:fs";
import { type PageResult, QuireError } from "@quire/core";
import { CharacterCodes } from "../font/characterCodes.ts";
import { fontObjectCount, glyphlessFont } from "../font/glyphlessFont.ts";
import { BlockReader } from "../syntax/blockReader.ts";
import { PdfDamage } from "../syntax/values.ts";
import { IncrementalUpdate } from "./incrementalUpdate.ts";
import { openForUpdate, type UpdatableFile } from "./openForUpdate.ts";
import { PageUpdate } from "./pageUpdate.ts";

/**
 * A PDF with a text layer on each page that was recognised: the file's own bytes, and behind them what changes its
 * pages. Where no page was recognised, it is the file as it is. What is held is one page, and some bytes for each.
 *
 * @param pageCount of the document
 * @param pages in page order
 * @throws QuireError `pdf_signed`, `pdf_encrypted`, `pdf_unwritable`, before the first byte unless a page is at fault
 */
export async function* appendTextLayers(
  path: string,
  pageCount: number,
  pages: AsyncIterable<PageResult>,
): AsyncGenerator<Uint8Array> {
  const recognized = withWords(pages);
  const reader = await BlockReader.open(path);
  try {
    // Nobody has to be told that a signed letter cannot be changed when nothing in it is to be.
    const first = await recognized.next();
    const opened = first.done ? null : await openForUpdate(reader, pageCount);
    yield* createReadStream(path);
    if (first.done || opened === null) return;
    yield* update(opened, first.value, recognized);
  } catch (error) {
    throw error instanceof PdfDamage ? unwritable(error) : error;
  } finally {
    await reader.close();
    await recognized.return(undefined);
  }
}

async function* update(
  { crossReference, file, pageNumbers }: UpdatableFile,
  first: PageResult,
  others: AsyncIterable<PageResult>,
): AsyncGenerator<Uint8Array> {
  const codes = new CharacterCodes();
  const written = new IncrementalUpdate(crossReference, file.reader.size);
  const fontNumber = written.newNumbers(fontObjectCount);
  const pageUpdate = new PageUpdate(file, written, codes, fontNumber);
  const objectsOf = (page: PageResult) => pageUpdate.objects(pageNumbers[page.pageNumber - 1] ?? 0, page);
  yield* objectsOf(first);
  for await (const page of others) yield* objectsOf(page);
  for (const [index, body] of glyphlessFont(fontNumber, codes).entries()) {
    yield written.object(fontNumber + index, body);
  }
  yield* written.section();
}

/** The recognised pages, without words that they have as text of their own. */
async function* withWords(pages: AsyncIterable<PageResult>): AsyncGenerator<PageResult, undefined> {
  for await (const page of pages) {
    const words = page.words.filter(({ inTextLayer }) => !inTextLayer);
    if (page.outcome === "recognized" && words.length > 0) yield { ...page, words };
  }
}

function unwritable(cause: PdfDamage): QuireError {
  return new QuireError(
    "pdf_unwritable",
    `The PDF is damaged, so that no text can be added to it (${cause.message}). Take the text, hOCR or ALTO; or export or scan it again.`,
    { cause },
  );
}
