import type { PageResult } from "@quire/core";
import type { PdfFile } from "../syntax/pdfFile.ts";
import { PdfArray, type PdfDictionary, type PdfValue } from "../syntax/values.ts";
import type { Matrix } from "../textLayer/matrix.ts";

/** What PDFium takes for the size of a page that does not say: letter, in points. */
const defaultBox: PageBox = { left: 0, bottom: 0, right: 612, top: 792 };
/** Deeper page trees are loops (PDFium: kMaxPageLevel). */
const maxLevels = 1_024;

export interface PageBox {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** What a page has of a key, or one of those above it has; null where none does. */
export async function inherited(
  file: PdfFile,
  page: PdfDictionary,
  key: string,
): Promise<{ readonly value: PdfValue; readonly owner: PdfDictionary } | null> {
  let owner: PdfDictionary | null = page;
  for (let level = 0; owner && level < maxLevels; level++) {
    const value = owner.get(key);
    if (value !== null) return { value, owner };
    owner = await file.dictionary(owner.get("Parent"));
  }
  return null;
}

/**
 * From the pixels of a page's box space to its user space. The box space is what PDFium draws: the crop box within the
 * media box, turned clockwise by /Rotate. Lengths are mapped by their share of the page, so that neither the resolution
 * nor a /UserUnit matters.
 */
export async function toUserSpace(
  file: PdfFile,
  page: PdfDictionary,
  { width, height }: Pick<PageResult, "width" | "height">,
): Promise<Matrix> {
  const { left, bottom, right, top } = await visibleBox(file, page);
  const [across, up] = [right - left, top - bottom];
  switch (await quarterTurns(file, page)) {
    case 1:
      return [0, up / width, across / height, 0, left, bottom];
    case 2:
      return [-across / width, 0, 0, up / height, right, bottom];
    case 3:
      return [0, -up / width, -across / height, 0, right, top];
    default:
      return [across / width, 0, 0, -up / height, left, top];
  }
}

async function visibleBox(file: PdfFile, page: PdfDictionary): Promise<PageBox> {
  const media = (await box(file, page, "MediaBox")) ?? defaultBox;
  const crop = (await box(file, page, "CropBox")) ?? media;
  const visible = {
    left: Math.max(crop.left, media.left),
    bottom: Math.max(crop.bottom, media.bottom),
    right: Math.min(crop.right, media.right),
    top: Math.min(crop.top, media.top),
  };
  // A page that is outside itself has no size in PDFium; pdf.js, which then reads it, shows the media box.
  return isEmpty(visible) ? media : visible;
}

async function box(file: PdfFile, page: PdfDictionary, key: string): Promise<PageBox | null> {
  const array = await file.resolve((await inherited(file, page, key))?.value ?? null);
  if (!(array instanceof PdfArray) || array.items.length !== 4) return null;
  const numbers: number[] = [];
  for (const item of array.items) {
    const number = await file.resolve(item);
    numbers.push(typeof number === "number" ? number : 0);
  }
  const [x = 0, y = 0, otherX = 0, otherY = 0] = numbers;
  const found = {
    left: Math.min(x, otherX),
    bottom: Math.min(y, otherY),
    right: Math.max(x, otherX),
    top: Math.max(y, otherY),
  };
  return isEmpty(found) ? null : found;
}

function isEmpty({ left, bottom, right, top }: PageBox): boolean {
  return !(left < right && bottom < top);
}

/** How often a page is turned clockwise by 90 degrees, as its /Rotate says: 0 to 3. */
export async function quarterTurns(file: PdfFile, page: PdfDictionary): Promise<number> {
  const degrees = await file.resolve((await inherited(file, page, "Rotate"))?.value ?? null);
  const turns = typeof degrees === "number" ? Math.trunc(degrees / 90) % 4 : 0;
  return turns < 0 ? turns + 4 : turns;
}
