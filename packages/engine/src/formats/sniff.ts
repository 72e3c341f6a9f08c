import { type DocumentFormat, QuireError } from "@quire/core";

/** Bytes of a file's head that {@link sniffFormat} looks at: PDF allows its header anywhere in the first 1,024. */
export const sniffBytes = 1024;

const accepted = "PDF, TIFF, JPEG, PNG, WebP, GIF, BMP and AVIF";

const convert = "Convert it to one of these.";

/** What is not read but is often sent, so that the refusal can name it and say what to do. */
const refused: readonly { readonly name: string; readonly remedy: string; is(head: Buffer): boolean }[] = [
  {
    name: "HEIC",
    remedy:
      "Convert it to JPEG: on an iPhone choose Settings > Camera > Formats > Most Compatible, or export it as JPEG from the photo application.",
    is: (head) => isIsoMedia(head, ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"]),
  },
  {
    name: "JPEG 2000",
    remedy: convert,
    is: (head) => startsWith(head, "0000000c6a5020200d0a870a") || startsWith(head, "ff4fff51"),
  },
  {
    name: "JPEG XL",
    remedy: convert,
    is: (head) => startsWith(head, "0000000c4a584c20") || startsWith(head, "ff0a"),
  },
  { name: "Netpbm", remedy: convert, is: (head) => /^P[1-7]\s/.test(latin1(head, 0, 3)) },
  { name: "PostScript", remedy: "Convert it to PDF.", is: (head) => latin1(head, 0, 4) === "%!PS" },
  { name: "RTF", remedy: "Save it as PDF.", is: (head) => latin1(head, 0, 5) === "{\\rtf" },
  { name: "an Office or ZIP file", remedy: "Save it as PDF.", is: (head) => startsWith(head, "504b0304") },
  {
    name: "an older Office file",
    remedy: "Save it as PDF.",
    is: (head) => startsWith(head, "d0cf11e0a1b11ae1"),
  },
  {
    name: "XML, SVG or HTML",
    remedy: "Print it to PDF.",
    is: (head) => /^\uFEFF?\s*<(\?xml|svg|!doctype|html)/i.test(head.toString("utf8")),
  },
  {
    name: "plain text",
    remedy: "It needs no OCR.",
    is: (head) => head.every((byte) => (byte >= 0x20 ? byte !== 0x7f : byte >= 0x09 && byte <= 0x0d)),
  },
];

/**
 * Tells a format by its magic bytes, never by its name.
 *
 * @param head the first {@link sniffBytes} bytes, or fewer if the file is shorter
 * @throws QuireError `unsupported_format`, naming what was found and what is accepted
 */
export function sniffFormat(head: Buffer): DocumentFormat {
  if (startsWith(head, "49492a00") || startsWith(head, "4d4d002a")) return "tiff";
  if (startsWith(head, "49492b00") || startsWith(head, "4d4d002b")) return "tiff"; // BigTIFF
  if (startsWith(head, "ffd8ff")) return "jpeg";
  if (startsWith(head, "89504e470d0a1a0a")) return "png";
  if (latin1(head, 0, 4) === "RIFF" && latin1(head, 8, 12) === "WEBP") return "webp";
  if (/^GIF8[79]a/.test(latin1(head, 0, 6))) return "gif";
  if (latin1(head, 0, 2) === "BM" && isBmpHeader(head)) return "bmp";
  if (isIsoMedia(head, ["avif", "avis"])) return "avif";
  if (head.includes("%PDF-")) return "pdf";

  const known = refused.find(({ is }) => is(head));
  const found = known ? `This is ${known.name}` : "This is no format known here";
  const remedy = known?.remedy ?? convert;
  throw new QuireError("unsupported_format", `${found}; accepted are ${accepted}. ${remedy}`);
}

function startsWith(head: Buffer, hex: string): boolean {
  return head.subarray(0, hex.length / 2).toString("hex") === hex;
}

function latin1(head: Buffer, start: number, end: number): string {
  return head.subarray(start, end).toString("latin1");
}

/** The size of the header after the 14 bytes of the file header: 12 (OS/2 1) to 124 (Windows 5). */
function isBmpHeader(head: Buffer): boolean {
  return head.length >= 18 && head.readUInt32LE(14) >= 12 && head.readUInt32LE(14) <= 124;
}

/** ISO base media (HEIF and AVIF): a `ftyp` box with its major brand and the compatible ones. */
function isIsoMedia(head: Buffer, brands: readonly string[]): boolean {
  if (latin1(head, 4, 8) !== "ftyp") return false;
  const end = Math.min(head.readUInt32BE(0), head.length);
  const found = new Set([latin1(head, 8, 12)]);
  for (let offset = 16; offset + 4 <= end; offset += 4) found.add(latin1(head, offset, offset + 4));
  const major = latin1(head, 8, 12);
  // `mif1` only says "an image"; AVIF files carry it too, with their own brand beside it.
  if (brands.includes("mif1") && [...found].some((brand) => brand.startsWith("avi"))) return false;
  return brands.includes(major) || brands.some((brand) => found.has(brand));
}
