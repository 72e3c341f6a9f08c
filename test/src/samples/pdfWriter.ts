import type { PdfEncryption } from "./pdfEncryption.ts";

/** The entries of a dictionary, without its brackets, and the stream that may follow. */
export interface PdfObject {
  readonly entries: string;
  readonly stream?: Uint8Array;
}

/**
 * Writes the skeleton of a PDF 1.4 file (ISO 32000-1, 7.5): numbered objects, a cross-reference table, a
 * trailer. Encryption applies to streams alone: strings in encrypted files are not supported.
 */
export class PdfWriter {
  readonly #objects: (PdfObject | null)[] = [];

  /** A number for an object that is written later: pages know their parent before it knows them. */
  reserve(): number {
    return this.#objects.push(null);
  }

  set(number: number, object: PdfObject): void {
    this.#objects[number - 1] = object;
  }

  add(object: PdfObject): number {
    const number = this.reserve();
    this.set(number, object);
    return number;
  }

  finish(catalog: number, encryption?: PdfEncryption): Buffer {
    const encrypt = encryption ? this.add({ entries: encryption.entries }) : null;
    const parts: Buffer[] = [];
    let length = 0;
    const write = (part: string | Uint8Array) => {
      const bytes = typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part);
      parts.push(bytes);
      length += bytes.length;
    };

    // Four bytes above 127 in the second line tell programs that the file is binary.
    write("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
    const offsets = this.#objects.map((object, index) => {
      const number = index + 1;
      if (object === null) throw new Error(`object ${number} was reserved and never set`);
      const offset = length;
      const { entries, stream } = object;
      write(`${number} 0 obj\n`);
      if (stream) {
        const bytes = encryption ? encryption.encrypt(number, stream) : stream;
        write(`<< ${entries} /Length ${bytes.length} >>\nstream\n`);
        write(bytes);
        write("\nendstream\nendobj\n");
      } else {
        write(`<< ${entries} >>\nendobj\n`);
      }
      return offset;
    });

    const start = length;
    const count = offsets.length + 1;
    write(`xref\n0 ${count}\n0000000000 65535 f \n`);
    for (const offset of offsets) write(`${String(offset).padStart(10, "0")} 00000 n \n`);
    const security = encryption ? ` /Encrypt ${encrypt} 0 R /ID [${encryption.id} ${encryption.id}]` : "";
    write(`trailer\n<< /Size ${count} /Root ${catalog} 0 R${security} >>\nstartxref\n${start}\n%%EOF\n`);
    return Buffer.concat(parts);
  }
}

/** Characters of WinAnsiEncoding that Latin-1 has elsewhere or not at all. */
const winAnsi: Readonly<Record<string, number>> = {
  "€": 0x80,
  "…": 0x85,
  "‘": 0x91,
  "’": 0x92,
  "“": 0x93,
  "”": 0x94,
  "•": 0x95,
  "–": 0x96,
  "—": 0x97,
};

/** Text as a PDF string in WinAnsiEncoding. */
export function pdfString(text: string): string {
  const encoded = [...text].map((character) => {
    const code = winAnsi[character] ?? character.charCodeAt(0);
    if (code > 255) throw new Error(`${character} is not in WinAnsiEncoding`);
    const special = character === "(" || character === ")" || character === "\\";
    return special ? `\\${character}` : code < 128 ? character : `\\${code.toString(8)}`;
  });
  return `(${encoded.join("")})`;
}
