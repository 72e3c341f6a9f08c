import { QuireError } from "@quire/core";
import type { BlockReader } from "../syntax/blockReader.ts";
import { type CrossReference, readCrossReference } from "../syntax/crossReference.ts";
import { PdfFile } from "../syntax/pdfFile.ts";
import { rebuildIndex } from "../syntax/rebuildIndex.ts";
import { PdfDamage } from "../syntax/values.ts";
import { readPageTree } from "./pageTree.ts";
import { contentsAfter, pageDictionary } from "./pageUpdate.ts";
import { withFont } from "./resources.ts";
import { isSigned } from "./signatures.ts";

/** A file that an update can be written for. */
export interface UpdatableFile {
  readonly crossReference: CrossReference;
  readonly file: PdfFile;
  /** The number of each page's object, in page order; 0 where it is none of its own. */
  readonly pageNumbers: Uint32Array;
}

const instead = "Take the text, hOCR or ALTO";

/**
 * Reads what is to be known of a PDF to add to it. All that its pages need is looked at once before: where something of
 * it is not where the file says, the whole file is read to find out.
 *
 * @throws QuireError `pdf_encrypted`, `pdf_signed`; PdfDamage
 */
export async function openForUpdate(reader: BlockReader, pageCount: number): Promise<UpdatableFile> {
  try {
    return await openWith(await readCrossReference(reader), reader, pageCount);
  } catch (error) {
    if (!(error instanceof PdfDamage)) throw error;
    return openWith(await rebuildIndex(reader), reader, pageCount);
  }
}

async function openWith(
  crossReference: CrossReference,
  reader: BlockReader,
  pageCount: number,
): Promise<UpdatableFile> {
  const { trailer, index, headerOffset } = crossReference;
  if (trailer.get("Encrypt") !== null) {
    throw new QuireError(
      "pdf_encrypted",
      `The PDF is encrypted, and what is added to it would have to be. ${instead}, or send a copy without a password.`,
    );
  }
  const file = new PdfFile(reader, index, headerOffset);
  const catalog = await file.dictionary(trailer.get("Root"));
  if (catalog === null) throw new PdfDamage("the file has no catalog");
  if (await isSigned(file, catalog)) {
    throw new QuireError(
      "pdf_signed",
      `The PDF is signed, and a change would break the signature. ${instead}; or print the PDF into a new one and send that.`,
    );
  }
  const pageNumbers = await readPageTree(file, catalog, pageCount);
  for (const number of pageNumbers) {
    // What is no object of its own matters only if it turns out to have been recognised.
    if (number === 0) continue;
    const page = await pageDictionary(file, number);
    await contentsAfter(file, page, 0);
    await withFont(file, page, "");
  }
  return { crossReference, file, pageNumbers };
}
