import { open } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { PDFDocumentLoadingTask, PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { getDocument, PDFDataRangeTransport, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";
import { type GreyRaster, rgbaToGrey } from "../../raster/greyRaster.ts";
import type { Rotation } from "../openedDocument.ts";
import { encrypted } from "./pdfiumPages.ts";
import { readPdfjsTextLayer } from "./pdfjsText.ts";
import { PdfFault, type PdfPage, type PdfPages } from "./pdfPages.ts";

const pointsPerInch = 72;
/** It draws from RGBA, whatever the image is. */
const decodedBytesPerPixel = 4;
/** Bytes pdf.js asks for at a time. */
const chunkBytes = 65_536;

/** Fonts, character maps and decoders that come with pdf.js: nothing is fetched at run time. */
const pdfjsFolder = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
const folder = (name: string) => `${join(pdfjsFolder, name)}/`;

/**
 * Opens a PDF with pdf.js, which repairs and draws some files that PDFium gives up on, at three times the
 * memory: its canvas has four bytes a pixel.
 *
 * @throws QuireError `encrypted_pdf`; PdfFault where pdf.js cannot open it
 */
export async function openWithPdfjs(path: string, password: string | undefined): Promise<PdfPages> {
  const file = await open(path);
  const { size } = await file.stat();
  const range = new FileRange(size, async (begin, end) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - begin), 0, end - begin, begin);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, bytesRead);
  });
  let task: PDFDocumentLoadingTask | undefined;
  try {
    task = getDocument({
      range,
      rangeChunkSize: chunkBytes,
      disableAutoFetch: true,
      disableStream: true,
      ...(password === undefined ? {} : { password }),
      standardFontDataUrl: folder("standard_fonts"),
      cMapUrl: folder("cmaps"),
      cMapPacked: true,
      wasmUrl: folder("wasm"),
      iccUrl: folder("iccs"),
      useSystemFonts: false,
      verbosity: VerbosityLevel.ERRORS,
    });
    const document = await Promise.race([task.promise, range.failed]);
    return {
      pageCount: document.numPages,
      openPage: async (index) => openPage(await orFault(document.getPage(index + 1))),
      async close() {
        await task?.destroy();
        await file.close();
      },
    };
  } catch (cause) {
    await task?.destroy().catch(() => {});
    await file.close();
    if (cause instanceof Error && cause.name === "PasswordException") throw encrypted(password);
    throw new PdfFault("pdf.js cannot open the file", { cause });
  }
}

/** Hands pdf.js the blocks of the file that it asks for. */
class FileRange extends PDFDataRangeTransport {
  readonly #read: (begin: number, end: number) => Promise<Uint8Array>;
  readonly #failure = Promise.withResolvers<never>();

  constructor(length: number, read: (begin: number, end: number) => Promise<Uint8Array>) {
    super(length, null);
    this.#read = read;
    this.#failure.promise.catch(() => {});
  }

  /** Rejects when the file cannot be read any more. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  override requestDataRange(begin: number, end: number): void {
    this.#read(begin, end).then(
      (chunk) => this.onDataRange(begin, chunk),
      (error) => this.#failure.reject(error),
    );
  }
}

async function openPage(page: PDFPageProxy): Promise<PdfPage> {
  const viewport = page.getViewport({ scale: 1 });
  const { layer, imageDpi, largestImagePixels } = await orFault(readPdfjsTextLayer(page, viewport));
  return {
    widthPoints: viewport.width,
    heightPoints: viewport.height,
    rotation: (((page.rotate % 360) + 360) % 360) as Rotation,
    imageDpi,
    largestImagePixels,
    decodeBytes: largestImagePixels * decodedBytesPerPixel,
    textLayer: layer,
    rasterise: (dpi) => orFault(rasterise(page, dpi)),
    close() {
      page.cleanup();
    },
  };
}

async function rasterise(page: PDFPageProxy, dpi: number): Promise<GreyRaster> {
  const { createCanvas } = await import("@napi-rs/canvas");
  const viewport = page.getViewport({ scale: dpi / pointsPerInch });
  const width = Math.max(1, Math.round(viewport.width));
  const height = Math.max(1, Math.round(viewport.height));
  const canvas = createCanvas(width, height);
  // pdf.js's types know the browser's canvas; in Node it draws on this one, which it brings along.
  const target = canvas as unknown as HTMLCanvasElement;
  await page.render({ canvas: target, viewport, background: "#ffffff" }).promise;

  const context = canvas.getContext("2d");
  const pixels = new Uint8Array(width * height);
  const stripRows = 256;
  for (let top = 0; top < height; top += stripRows) {
    const rows = Math.min(stripRows, height - top);
    const { data } = context.getImageData(0, top, width, rows);
    rgbaToGrey(data, pixels.subarray(top * width, (top + rows) * width));
  }
  return { width, height, dpi, pixels };
}

async function orFault<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new PdfFault("pdf.js cannot read the page", { cause });
  }
}
