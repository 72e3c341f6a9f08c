/** A number: the longest run of digits with `. , : / -` between them. */
const numberPattern = /\d(?:[\d.,:/-]*\d)?/g;
const onlyNumber = /^[\d.,:/-]+$/;
/** A number with the separators that stand directly before and after it. */
const separators = /[.,:/-]/;

/** Where a number stands in the text without white space, and in which word. */
export interface NumberPlace {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly word: number;
}

/**
 * A text after NFKC and without white space that remembers where white space was: so that wrapping and spacing do not
 * count, and yet neighbouring numbers (cells of a table) are not taken for one.
 */
export class DigitText {
  readonly text: string;
  /** The numbers between white space, in order. */
  readonly numbers: readonly NumberPlace[];
  /** The parts of words that are digits and separators only, such as `/2026`, in order. */
  readonly parts: readonly NumberPlace[];
  readonly #starts: ReadonlySet<number>;
  readonly #ends: ReadonlySet<number>;
  readonly #known = new Map<string, boolean>();

  /** @param words the text in reading order; a place's `word` is an index of these */
  constructor(words: readonly string[]) {
    let text = "";
    const numbers: NumberPlace[] = [];
    const parts: NumberPlace[] = [];
    for (const [word, raw] of words.entries()) {
      for (const token of raw.normalize("NFKC").split(/\s+/)) {
        for (const { 0: number, index } of token.matchAll(numberPattern)) {
          const start = text.length + index;
          numbers.push({ text: number, start, end: start + number.length, word });
          parts.push(
            ...partsAround(token, index, number).map((part) => ({ text: part, start, end: start, word })),
          );
        }
        text += token;
      }
    }
    this.text = text;
    this.numbers = numbers;
    this.parts = parts;
    this.#starts = new Set(numbers.map(({ start }) => start));
    this.#ends = new Set(numbers.map(({ end }) => end));
  }

  /** Whether the text without white space holds these characters from the start of a number to the end of one. */
  has(characters: string): boolean {
    const known = this.#known.get(characters);
    if (known !== undefined) return known;
    let found = false;
    for (
      let at = this.text.indexOf(characters);
      at >= 0 && !found;
      at = this.text.indexOf(characters, at + 1)
    )
      found = this.#starts.has(at) && this.#ends.has(at + characters.length);
    this.#known.set(characters, found);
    return found;
  }

  /** The number by itself and together with neighbours from which only white space parts it. */
  *withNeighbours(index: number, maxNeighbours: number): Generator<string> {
    for (let first = index; first >= Math.max(0, index - maxNeighbours); first--) {
      for (let last = index; last <= Math.min(this.numbers.length - 1, index + maxNeighbours); last++) {
        const characters = this.text.slice(this.numbers[first]?.start, this.numbers[last]?.end);
        if (!onlyNumber.test(characters)) break;
        yield characters;
      }
    }
  }
}

/** A number of a word alone, with the separator before it, with the one after it, and with both. */
function partsAround(token: string, index: number, number: string): string[] {
  const before = token[index - 1] ?? "";
  const after = token[index + number.length] ?? "";
  const heads = separators.test(before) ? ["", before] : [""];
  const tails = separators.test(after) ? ["", after] : [""];
  return heads.flatMap((head) => tails.map((tail) => head + number + tail));
}
