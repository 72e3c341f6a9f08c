import {
  PdfArray,
  PdfDamage,
  PdfDictionary,
  type PdfEntry,
  PdfName,
  PdfReference,
  PdfText,
  type PdfValue,
} from "./values.ts";

/** Dictionaries and arrays within each other: files have a dozen, an attack has more (pdf.js stops at 500). */
const maxDepth = 100;

/** The bytes end within an object: more of the file is to be read. */
export class BytesEnd extends Error {}

const byte = {
  hash: 0x23,
  percent: 0x25,
  open: 0x28,
  close: 0x29,
  slash: 0x2f,
  less: 0x3c,
  greater: 0x3e,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
} as const;
const whiteSpace = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]);
const delimiters = new Set(Array.from("()<>[]{}/%", (sign) => sign.charCodeAt(0)));
const numberPattern = /^[+-]*(?:\d+\.?\d*|\.\d+)/;
const wholeNumber = /^\d{1,10}$/;

/** Reads objects out of bytes, from `position` on, which moves behind what was read. */
export class PdfParser {
  readonly bytes: Buffer;
  position: number;

  constructor(bytes: Buffer, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  /** @throws PdfDamage; BytesEnd where the bytes end too early */
  value(depth = 0): PdfValue {
    if (depth > maxDepth) throw new PdfDamage("objects are nested too deep");
    const start = this.skipBlanks();
    switch (this.#at(start)) {
      case byte.slash:
        return new PdfName(this.#name());
      case byte.open:
        return this.#literalText();
      case byte.openBracket:
        return this.#array(depth);
      case byte.less:
        return this.#at(start + 1) === byte.less ? this.#dictionary(depth) : this.#hexText();
      default:
        return this.#numberOrWord();
    }
  }

  /** The next word, such as `obj`; empty at a delimiter. */
  word(): string {
    const start = this.skipBlanks();
    while (isRegular(this.#at(this.position))) this.position++;
    return this.bytes.toString("latin1", start, this.position);
  }

  /** Moves behind white space and comments. @returns the position */
  skipBlanks(): number {
    for (;;) {
      const next = this.#at(this.position);
      if (next === byte.percent) this.#skipComment();
      else if (whiteSpace.has(next)) this.position++;
      else return this.position;
    }
  }

  #at(position: number): number {
    const found = this.bytes[position];
    if (found === undefined) throw new BytesEnd();
    return found;
  }

  #skipComment(): void {
    let next = this.#at(this.position);
    while (next !== byte.lineFeed && next !== byte.carriageReturn) next = this.#at(++this.position);
  }

  #name(): string {
    const start = ++this.position;
    while (isRegular(this.#at(this.position))) this.position++;
    const raw = this.bytes.toString("latin1", start, this.position);
    if (!raw.includes("#")) return raw;
    return raw.replace(/#([0-9A-Fa-f]{2})/g, (_escape: string, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  }

  #literalText(): PdfText {
    let open = 0;
    do {
      const next = this.#at(this.position++);
      if (next === byte.backslash) this.position++;
      else if (next === byte.open) open++;
      else if (next === byte.close) open--;
    } while (open > 0);
    return new PdfText();
  }

  #hexText(): PdfText {
    while (this.#at(this.position) !== byte.greater) this.position++;
    this.position++;
    return new PdfText();
  }

  #array(depth: number): PdfArray {
    this.position++;
    const items: PdfValue[] = [];
    const sources: Buffer[] = [];
    for (;;) {
      const start = this.skipBlanks();
      if (this.#at(start) === byte.closeBracket) break;
      items.push(this.value(depth + 1));
      sources.push(this.bytes.subarray(start, this.position));
    }
    this.position++;
    return new PdfArray(items, sources);
  }

  #dictionary(depth: number): PdfDictionary {
    this.position += 2;
    const entries = new Map<string, PdfEntry>();
    for (;;) {
      const start = this.skipBlanks();
      if (this.#at(start) === byte.greater) {
        if (this.#at(start + 1) !== byte.greater) throw new PdfDamage("a dictionary does not end");
        this.position += 2;
        return new PdfDictionary(entries);
      }
      if (this.#at(start) !== byte.slash) throw new PdfDamage("a dictionary's key is no name");
      const key = this.#name();
      const valueStart = this.skipBlanks();
      const value = this.value(depth + 1);
      entries.set(key, {
        value,
        source: this.bytes.subarray(start, this.position),
        valueSource: this.bytes.subarray(valueStart, this.position),
      });
    }
  }

  #numberOrWord(): PdfValue {
    const word = this.word();
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    const number = numberPattern.exec(word);
    if (!number) throw new PdfDamage("an object is of no known kind");
    if (wholeNumber.test(word)) return this.#reference(Number(word)) ?? Number(word);
    return Number(number[0].replace(/^[+-]*(?=[+-])/, "")) || 0;
  }

  /** `12 0 R`, of which the first number is read; null, and nothing is read, where it is something else. */
  #reference(number: number): PdfReference | null {
    const start = this.position;
    if (!whiteSpace.has(this.#at(start))) return null;
    this.skipBlanks();
    const generation = this.word();
    if (wholeNumber.test(generation)) {
      this.skipBlanks();
      if (this.word() === "R") return new PdfReference(number, Number(generation));
    }
    this.position = start;
    return null;
  }
}

function isRegular(next: number): boolean {
  return !whiteSpace.has(next) && !delimiters.has(next);
}
