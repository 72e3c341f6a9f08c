import { deflateSync } from "node:zlib";
import type { PdfEncryption } from "./pdfEncryption.ts";
import { PdfWriter } from "./pdfWriter.ts";
import type { Sheet } from "./sheet.ts";
import { pdfFonts, sheetContent } from "./sheetContent.ts";

/** A grey JPEG and its size in pixels. */
export interface JpegImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A page: what is drawn on it, an image behind that, and the turn it is to be shown with. */
export interface PdfPageParts {
  readonly widthPoints: number;
  readonly heightPoints: number;
  readonly content?: string;
  readonly image?: JpegImage;
  readonly rotate?: 90 | 180 | 270;
  /** Further entries of the page's dictionary. */
  readonly entries?: string;
}

/** Builds the page tree of a PDF on a {@link PdfWriter}. */
export class PdfPages {
  readonly writer = new PdfWriter();
  readonly fontResources: string;
  readonly #catalog = this.writer.reserve();
  readonly #tree = this.writer.reserve();
  readonly #pages: number[] = [];

  constructor() {
    const fonts = Object.entries(pdfFonts).map(([face, name]) => {
      const font = `/Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding`;
      return `/${face} ${this.writer.add({ entries: font })} 0 R`;
    });
    this.fontResources = `/Font << ${fonts.join(" ")} >>`;
  }

  /** A digital page. */
  addSheet(sheet: Sheet, entries?: string): void {
    const { widthPoints, heightPoints } = sheet;
    this.addPage({
      widthPoints,
      heightPoints,
      content: sheetContent(sheet),
      ...(entries ? { entries } : {}),
    });
  }

  addPage({ widthPoints, heightPoints, content = "", image, rotate, entries = "" }: PdfPageParts): void {
    const drawImage = image ? `q ${widthPoints} 0 0 ${heightPoints} 0 0 cm /scan Do Q\n` : "";
    const xObject = image ? `/XObject << /scan ${this.#addImage(image)} 0 R >>` : "";
    const drawing = this.writer.add({
      entries: "/Filter /FlateDecode",
      stream: deflateSync(Buffer.from(drawImage + content, "latin1")),
    });
    const page = [
      `/Type /Page /Parent ${this.#tree} 0 R /MediaBox [0 0 ${widthPoints} ${heightPoints}]`,
      `/Resources << ${this.fontResources} ${xObject} >> /Contents ${drawing} 0 R`,
      rotate ? `/Rotate ${rotate}` : "",
      entries,
    ];
    this.#pages.push(this.writer.add({ entries: page.join(" ") }));
  }

  /** @param catalogEntries further entries of the document's catalog */
  finish({
    catalogEntries = "",
    encryption,
  }: {
    catalogEntries?: string;
    encryption?: PdfEncryption;
  } = {}): Buffer {
    const kids = this.#pages.map((page) => `${page} 0 R`).join(" ");
    this.writer.set(this.#tree, { entries: `/Type /Pages /Kids [${kids}] /Count ${this.#pages.length}` });
    this.writer.set(this.#catalog, { entries: `/Type /Catalog /Pages ${this.#tree} 0 R ${catalogEntries}` });
    return this.writer.finish(this.#catalog, encryption);
  }

  #addImage({ width, height, data }: JpegImage): number {
    const entries =
      `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} ` +
      "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode";
    return this.writer.add({ entries, stream: data });
  }
}
