import { BytesEnd, PdfParser } from "../syntax/parser.ts";
import { PdfDamage, PdfName } from "../syntax/values.ts";

/** An operator of a content stream, with what is to be known of its operands. */
export interface Operator {
  readonly word: string;
  /** The last name among its operands; empty where there is none. */
  readonly name: string;
  /** The first numbers among them, two at most. */
  readonly numbers: readonly number[];
  /** Where its first operand begins, and where it ends. */
  readonly start: number;
  readonly end: number;
}

/** What begins an operand that is no bracket: a name, a string, a number. */
const operandStart = /[/(<+\-.0-9]/;
/** Brackets of arrays and dictionaries: what stands within them is read like all else. */
const bracket = /[[\]>]/;
const constants = new Set(["true", "false", "null"]);
const mostNumbers = 2;

/**
 * The operators of a content stream, in order (ISO 32000-1, 7.8.2). What is cut at the end is left out.
 *
 * @throws PdfDamage where something stands that is neither operand nor operator
 */
export function* operatorsOf(content: Buffer): Generator<Operator> {
  // A word ends where the stream does.
  const parser = new PdfParser(Buffer.concat([content, Buffer.from("\n")]));
  try {
    for (;;) yield operator(parser);
  } catch (error) {
    if (!(error instanceof BytesEnd)) throw error;
  }
}

/** @throws BytesEnd, PdfDamage */
function operator(parser: PdfParser): Operator {
  const start = parser.skipBlanks();
  const numbers: number[] = [];
  let name = "";
  for (;;) {
    const at = parser.skipBlanks();
    const sign = String.fromCharCode(parser.bytes[at] ?? 0);
    if (bracket.test(sign)) parser.position++;
    else if (sign === "<" && parser.bytes[at + 1] === parser.bytes[at]) parser.position += 2;
    else if (operandStart.test(sign)) {
      const value = parser.value();
      if (value instanceof PdfName) name = value.name;
      else if (typeof value === "number" && numbers.length < mostNumbers) numbers.push(value);
    } else {
      const word = parser.word();
      if (word === "") throw new PdfDamage("a content stream is broken");
      if (!constants.has(word)) return { word, name, numbers, start, end: parser.position };
    }
  }
}
