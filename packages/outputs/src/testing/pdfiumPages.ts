import type { WrappedPdfiumModule } from "@embedpdf/pdfium";
import { openWithPdfium } from "./pdfium.ts";

/** A picture as PDFium decodes it: three bytes a pixel, red first. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

/** A page as PDFium sees it: for tests. */
export interface SeenPage {
  /** Upright, in points. */
  readonly width: number;
  readonly height: number;
  readonly text: string;
  /** The middle of a text's first place, from the top left, as shares of the page; null where it is not there. */
  find(text: string): { x: number; y: number } | null;
  /** The page's only picture, decoded; null where it has none. */
  readonly picture: DecodedPicture | null;
  /** Its bytes as they stand in the PDF. */
  readonly stored: Buffer | null;
  /** The page as it is shown, at a width in pixels. */
  render(width: number): DecodedPicture;
}

const objectImage = 3;
const bgrx = 3;
const opaqueWhite = 0xffffffff;

/** Opens a PDF with PDFium and gives what it sees of each page. It stays open: a test's process ends soon. */
export async function pdfiumPages(pdf: Buffer): Promise<SeenPage[]> {
  const { pdfium: functions, document } = await openWithPdfium(pdf);
  if (document === 0) throw new Error(`PDFium cannot open it: ${functions.FPDF_GetLastError()}`);
  return Array.from({ length: functions.FPDF_GetPageCount(document) }, (_, index) =>
    seePage(functions, functions.FPDF_LoadPage(document, index)),
  );
}

function seePage(functions: WrappedPdfiumModule, page: number): SeenPage {
  const [width, height] = [functions.FPDF_GetPageWidthF(page), functions.FPDF_GetPageHeightF(page)];
  const text = functions.FPDFText_LoadPage(page);
  const count = functions.FPDFText_CountChars(text);
  const characters = Array.from({ length: count }, (_, at) => functions.FPDFText_GetUnicode(text, at));
  const written = String.fromCodePoint(...characters);
  const picture = pictureOf(functions, page);
  return {
    width,
    height,
    text: written,
    ...picture,
    find(searched) {
      const at = written.indexOf(searched);
      return at < 0 ? null : middleOf(functions, page, text, at, at + searched.length - 1);
    },
    render: (pixels) => render(functions, page, pixels, Math.round((pixels * height) / width)),
  };
}

function pictureOf(functions: WrappedPdfiumModule, page: number) {
  for (let index = 0; index < functions.FPDFPage_CountObjects(page); index++) {
    const object = functions.FPDFPage_GetObject(page, index);
    if (functions.FPDFPageObj_GetType(object) !== objectImage) continue;
    const bitmap = functions.FPDFImageObj_GetBitmap(object);
    const length = functions.FPDFImageObj_GetImageDataRaw(object, 0, 0);
    const start = functions.pdfium.wasmExports.malloc(length);
    functions.FPDFImageObj_GetImageDataRaw(object, start, length);
    const stored = Buffer.from(functions.pdfium.HEAPU8.subarray(start, start + length));
    functions.pdfium.wasmExports.free(start);
    return { picture: bitmap === 0 ? null : readBitmap(functions, bitmap), stored };
  }
  return { picture: null, stored: null };
}

function render(functions: WrappedPdfiumModule, page: number, width: number, height: number): DecodedPicture {
  const bitmap = functions.FPDFBitmap_CreateEx(width, height, bgrx, 0, 0);
  functions.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, opaqueWhite);
  functions.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, 0);
  return readBitmap(functions, bitmap);
}

function readBitmap(functions: WrappedPdfiumModule, bitmap: number): DecodedPicture {
  const [width, height] = [functions.FPDFBitmap_GetWidth(bitmap), functions.FPDFBitmap_GetHeight(bitmap)];
  const [start, stride] = [functions.FPDFBitmap_GetBuffer(bitmap), functions.FPDFBitmap_GetStride(bitmap)];
  const format = functions.FPDFBitmap_GetFormat(bitmap);
  const pixelBytes = format === 1 ? 1 : format === 2 ? 3 : 4;
  const memory = functions.pdfium.HEAPU8;
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const from = start + y * stride + x * pixelBytes;
      const [blue, green, red] = pixelBytes === 1 ? [0, 0, 0] : [0, 1, 2];
      rgb[to] = memory[from + red] as number;
      rgb[to + 1] = memory[from + green] as number;
      rgb[to + 2] = memory[from + blue] as number;
    }
  }
  functions.FPDFBitmap_Destroy(bitmap);
  return { width, height, rgb };
}

function middleOf(functions: WrappedPdfiumModule, page: number, text: number, first: number, last: number) {
  const memory = functions.pdfium;
  const box = memory.wasmExports.malloc(32);
  const corner = memory.wasmExports.malloc(8);
  const middles = [first, last].map((character) => {
    functions.FPDFText_GetCharBox(text, character, box, box + 8, box + 16, box + 24);
    const [left, right, bottom, top] = [0, 8, 16, 24].map((at) => memory.getValue(box + at, "double"));
    return [((left as number) + (right as number)) / 2, ((bottom as number) + (top as number)) / 2] as const;
  });
  const [from, to] = middles as [readonly [number, number], readonly [number, number]];
  // Device space of a thousand by a thousand: shares of the page as it is shown.
  functions.FPDF_PageToDevice(
    page,
    0,
    0,
    100_000,
    100_000,
    0,
    (from[0] + to[0]) / 2,
    (from[1] + to[1]) / 2,
    corner,
    corner + 4,
  );
  return { x: memory.getValue(corner, "i32") / 100_000, y: memory.getValue(corner + 4, "i32") / 100_000 };
}
