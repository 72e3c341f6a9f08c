import type { PdfFile } from "../syntax/pdfFile.ts";
import { PdfDictionary, PdfReference } from "../syntax/values.ts";
import { inherited } from "./pageBox.ts";

const usualName = "QuireText";
/** Names tried before it is given up: a page with fonts of all of these has been here as often. */
const maxNames = 100;

/** A page's resources with the font of the text layer among them. */
export interface FontedResources {
  readonly dictionary: Buffer;
  readonly fontName: string;
}

/**
 * A page's resources, its own or those it inherits, with one more font. They are copied: others may use the same, and
 * to those nothing is to happen.
 */
export async function withFont(
  file: PdfFile,
  page: PdfDictionary,
  fontReference: string,
): Promise<FontedResources> {
  const resources = await resourcesOf(file, page);
  const fonts = resources && (await file.dictionary(resources.get("Font")));
  const fontName = freeName(fonts);
  const extended = (fonts ?? new PdfDictionary(new Map())).with({ [fontName]: fontReference });
  return { dictionary: (resources ?? new PdfDictionary(new Map())).with({ Font: extended }), fontName };
}

/** A page's resources, its own or those it inherits; null where there are none. @throws PdfDamage */
export async function resourcesOf(file: PdfFile, page: PdfDictionary): Promise<PdfDictionary | null> {
  return file.dictionary((await inherited(file, page, "Resources"))?.value ?? null);
}

function freeName(fonts: PdfDictionary | null): string {
  for (let number = 0; number < maxNames; number++) {
    const name = number === 0 ? usualName : `${usualName}${number}`;
    if (!fonts?.entries.has(name)) return name;
  }
  return usualName;
}

/**
 * By what a page's resources are told from others: the object's number, where it is one of its own. Pages that share
 * them then also share the copy.
 */
export async function sharedResources(file: PdfFile, page: PdfDictionary): Promise<number | null> {
  const value = (await inherited(file, page, "Resources"))?.value;
  return value instanceof PdfReference ? value.number : null;
}
