import type { DocumentFormat } from "@quire/core";

/** As many bytes as are looked at: a PDF's header may come late. */
export const sniffedBytes = 1_024;

/** Formats that people try and that are not read; each has its own remedy. */
export type RefusedFormat = "heic" | "office" | "program" | "archive";

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

const signatures: readonly {
  format: DocumentFormat | RefusedFormat;
  at: number;
  bytes: readonly number[];
}[] = [
  { format: "png", at: 0, bytes: [0x89, ...ascii("PNG\r\n"), 0x1a, 0x0a] },
  { format: "jpeg", at: 0, bytes: [0xff, 0xd8, 0xff] },
  { format: "gif", at: 0, bytes: ascii("GIF8") },
  { format: "webp", at: 8, bytes: ascii("WEBP") },
  { format: "tiff", at: 0, bytes: [...ascii("II"), 42, 0] },
  { format: "tiff", at: 0, bytes: [...ascii("MM"), 0, 42] },
  // BigTIFF
  { format: "tiff", at: 0, bytes: [...ascii("II"), 43, 0] },
  { format: "tiff", at: 0, bytes: [...ascii("MM"), 0, 43] },
  { format: "avif", at: 4, bytes: ascii("ftypavif") },
  { format: "bmp", at: 0, bytes: ascii("BM") },
  { format: "heic", at: 4, bytes: ascii("ftyphei") },
  { format: "heic", at: 4, bytes: ascii("ftypmif1") },
  { format: "program", at: 0, bytes: ascii("MZ") },
  { format: "program", at: 0, bytes: [0x7f, ...ascii("ELF")] },
  // Office files of today are ZIP archives, those of old compound files.
  { format: "office", at: 0, bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { format: "archive", at: 0, bytes: [...ascii("PK"), 3, 4] },
];

const pdfHeader = "%PDF-";

/** What a file is by its first bytes, whatever its name says; null if it is nothing known. */
export function sniffFormat(head: Uint8Array): DocumentFormat | RefusedFormat | null {
  const known = signatures.find(({ at, bytes }) => bytes.every((byte, index) => head[at + index] === byte));
  if (known) {
    return known.format;
  }
  return new TextDecoder("latin1").decode(head).includes(pdfHeader) ? "pdf" : null;
}
