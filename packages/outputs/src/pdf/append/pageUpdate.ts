import type { PageResult } from "@quire/core";
import type { CharacterCodes } from "../font/characterCodes.ts";
import { deflatedStream } from "../font/glyphlessFont.ts";
import { withoutHiddenText } from "../hiddenText/withoutHiddenText.ts";
import { type PdfFile, PdfStream } from "../syntax/pdfFile.ts";
import { PdfArray, PdfDamage, type PdfDictionary, PdfReference } from "../syntax/values.ts";
import { textLayer } from "../textLayer/textLayer.ts";
import type { IncrementalUpdate } from "./incrementalUpdate.ts";
import { quarterTurns, toUserSpace } from "./pageBox.ts";
import { resourcesOf, sharedResources, withFont } from "./resources.ts";

/** Adds text layers to the pages of a file, one after the other. */
export class PageUpdate {
  readonly #file: PdfFile;
  readonly #update: IncrementalUpdate;
  readonly #codes: CharacterCodes;
  readonly #fontNumber: number;
  /** Copies of resources that pages share, by the object they share: as many as the document has of these. */
  readonly #copies = new Map<number, { readonly number: number; readonly fontName: string }>();
  readonly #done = new Set<number>();

  constructor(file: PdfFile, update: IncrementalUpdate, codes: CharacterCodes, fontNumber: number) {
    this.#file = file;
    this.#update = update;
    this.#codes = codes;
    this.#fontNumber = fontNumber;
  }

  /**
   * The objects that give a page its text layer. None where the page's dictionary has one already: it is in the page
   * tree twice, and what is on the one is on the other.
   *
   * @param number of the page's dictionary
   */
  async *objects(number: number, page: PageResult): AsyncGenerator<Buffer> {
    if (this.#done.has(number)) return;
    this.#done.add(number);
    const dictionary = await pageDictionary(this.#file, number);
    const resources = yield* this.#resources(dictionary);
    const content = textLayer({
      page,
      toUserSpace: await toUserSpace(this.#file, dictionary, page),
      fontName: resources.fontName,
      codes: this.#codes,
    });
    const contentNumber = this.#update.newNumbers();
    yield this.#update.object(contentNumber, deflatedStream(content));
    const changes = {
      Resources: resources.value,
      Contents: yield* this.#contents(dictionary, page, contentNumber),
      ...(await uprightRotation(this.#file, dictionary, page)),
    };
    const place = this.#file.index.get(number);
    const generation = place?.kind === "file" ? place.generation : 0;
    yield this.#update.object(number, dictionary.with(changes), generation);
  }

  /**
   * A page's contents behind one more stream, without somebody's hidden text. What a page has in part as text of its own
   * is not written again, and so is kept, hidden or not.
   */
  async *#contents(
    dictionary: PdfDictionary,
    page: PageResult,
    first: number,
  ): AsyncGenerator<Buffer, Buffer | string> {
    const resources = await resourcesOf(this.#file, dictionary);
    const isKept = page.warnings.includes("text_layer_incomplete");
    const content = isKept ? null : await withoutHiddenText(this.#file, dictionary, resources);
    if (content === null) return contentsAfter(this.#file, dictionary, first);
    const number = this.#update.newNumbers();
    yield this.#update.object(number, deflatedStream(content));
    return `[ ${first} 0 R ${number} 0 R ]`;
  }

  async *#resources(
    page: PdfDictionary,
  ): AsyncGenerator<Buffer, { readonly value: Buffer | string; readonly fontName: string }> {
    const shared = await sharedResources(this.#file, page);
    let copy = shared === null ? undefined : this.#copies.get(shared);
    if (!copy) {
      const { dictionary, fontName } = await withFont(this.#file, page, `${this.#fontNumber} 0 R`);
      if (shared === null) return { value: dictionary, fontName };
      copy = { number: this.#update.newNumbers(), fontName };
      this.#copies.set(shared, copy);
      yield this.#update.object(copy.number, dictionary);
    }
    return { value: `${copy.number} 0 R`, fontName: copy.fontName };
  }
}

/** A page on which what is written lies on its side or head is opened upright. Nothing of its content is touched. */
async function uprightRotation(
  file: PdfFile,
  dictionary: PdfDictionary,
  { orientation }: PageResult,
): Promise<{ readonly Rotate?: string }> {
  if (orientation === 0) return {};
  return { Rotate: `${((await quarterTurns(file, dictionary)) * 90 + orientation) % 360}` };
}

/** @throws PdfDamage where there is no page under this number */
export async function pageDictionary(file: PdfFile, number: number): Promise<PdfDictionary> {
  const dictionary = number === 0 ? null : await file.dictionary(new PdfReference(number, 0));
  if (dictionary === null) throw new PdfDamage("a page is no object of its own");
  return dictionary;
}

/**
 * A page's contents behind one more stream. It comes first, for streams of one page run into each other: it would have
 * to begin with whatever transformation the others leave behind.
 */
export async function contentsAfter(file: PdfFile, page: PdfDictionary, first: number): Promise<Buffer> {
  const value = page.get("Contents");
  const contents = await file.resolve(value);
  const others: Buffer[] = [];
  if (contents instanceof PdfArray) others.push(...contents.itemSources);
  else if (contents instanceof PdfStream && value instanceof PdfReference) {
    others.push(Buffer.from(`${value.number} ${value.generation} R`));
  }
  return Buffer.concat([
    Buffer.from(`[ ${first} 0 R`),
    ...others.flatMap((other) => [Buffer.from(" "), other]),
    Buffer.from(" ]"),
  ]);
}
