import { type PdfFile, PdfStream } from "../syntax/pdfFile.ts";
import { PdfArray, PdfDamage, type PdfDictionary, PdfName } from "../syntax/values.ts";
import { dropHiddenText, type Names } from "./dropHiddenText.ts";

/** What a page's content may come to, decoded; somebody's OCR of a page takes a tenth of a megabyte. */
const mostContentBytes = 4_000_000;
/** External objects of a page that are looked at: OCR adds one, and scans in strips have some tens. */
const mostObjects = 64;
/** A page of a newspaper has some tens. */
const mostFonts = 256;

/**
 * A page's content without text that nobody sees, such as somebody's OCR: see {@link dropHiddenText}.
 *
 * @param resources of the page, its own or those it inherits
 * @returns null where there is none, and where what stands there is broken, odd or too much to take anything out safely
 */
export async function withoutHiddenText(
  file: PdfFile,
  page: PdfDictionary,
  resources: PdfDictionary | null,
): Promise<Buffer | null> {
  try {
    const content = await pageContent(file, page);
    return (await dropHiddenText(content, new ResourceNames(file, resources))).content;
  } catch (error) {
    if (error instanceof PdfDamage) return null;
    throw error;
  }
}

/** The streams of a page as the one that they stand for. @throws PdfDamage */
async function pageContent(file: PdfFile, page: PdfDictionary): Promise<Buffer> {
  const contents = await file.resolve(page.get("Contents"));
  const parts: Buffer[] = [];
  let roomBytes = mostContentBytes;
  for (const item of contents instanceof PdfArray ? contents.items : [contents]) {
    const stream = await file.resolve(item);
    if (!(stream instanceof PdfStream)) continue;
    const data = await file.decode(stream, roomBytes);
    roomBytes -= data.length + 1;
    if (roomBytes < 1) throw new PdfDamage("a page's content is too long");
    parts.push(data, Buffer.from("\n"));
  }
  return Buffer.concat(parts);
}

/** Looks names up in the resources of a page, and in those of the forms on it. */
class ResourceNames implements Names {
  readonly #file: PdfFile;
  readonly #resources: PdfDictionary | null;
  /** External objects of the page that have been looked at, those of its forms among them. */
  readonly #looked: { count: number };
  /** By font, whether it is of Type 3. */
  readonly #fonts = new Map<string, boolean>();
  /** By name and mode. */
  readonly #objects = new Map<string, boolean>();

  constructor(file: PdfFile, resources: PdfDictionary | null, looked = { count: 0 }) {
    this.#file = file;
    this.#resources = resources;
    this.#looked = looked;
  }

  async isAlwaysDrawn(font: string): Promise<boolean> {
    const known = this.#fonts.get(font);
    if (known !== undefined) return known;
    // What is not there cannot be judged.
    if (this.#fonts.size === mostFonts) return true;
    const fonts = await this.#file.dictionary(this.#resources?.get("Font") ?? null);
    const subtype = (await this.#file.dictionary(fonts?.get(font) ?? null))?.get("Subtype");
    const isDrawn = !(subtype instanceof PdfName) || subtype.name === "Type3";
    this.#fonts.set(font, isDrawn);
    return isDrawn;
  }

  async showsNothing(name: string, mode: number): Promise<boolean> {
    const key = `${mode} ${name}`;
    const known = this.#objects.get(key);
    if (known !== undefined) return known;
    if (this.#looked.count === mostObjects) return false;
    this.#looked.count++;
    const showsNothing = await this.#isHiddenForm(name, mode);
    this.#objects.set(key, showsNothing);
    return showsNothing;
  }

  async #isHiddenForm(name: string, mode: number): Promise<boolean> {
    try {
      const objects = await this.#file.dictionary(this.#resources?.get("XObject") ?? null);
      const form = await this.#file.resolve(objects?.get(name) ?? null);
      if (!(form instanceof PdfStream) || !isForm(form)) return false;
      // A form without resources of its own uses the page's (ISO 32000-1, 7.8.3).
      const own = await this.#file.dictionary(form.dictionary.get("Resources"));
      const names = new ResourceNames(this.#file, own ?? this.#resources, this.#looked);
      const stripped = await dropHiddenText(await this.#file.decode(form, mostContentBytes), names, mode);
      return stripped.content !== null && !stripped.isDrawn;
    } catch (error) {
      if (error instanceof PdfDamage) return false;
      throw error;
    }
  }
}

function isForm({ dictionary }: PdfStream): boolean {
  const subtype = dictionary.get("Subtype");
  return subtype instanceof PdfName && subtype.name === "Form";
}
