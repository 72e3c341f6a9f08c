/** What stands for a character there is no code left for, and for half of a surrogate pair. */
const replacement = 0xfffd;
const [firstSurrogate, lastSurrogate] = [0xd800, 0xdfff];
const firstSupplementary = 0x10000;
const blank = 0x20;
const noncharacters = 0xfffe;

/**
 * The two-byte codes of the characters in a document's text layer. A code is the character's own number, which every
 * program that reads PDF understands, with or without a character map. Characters above U+FFFF have no such code; they
 * are given those of the surrogates, which are no characters, in the order they turn up: as halves of a pair, which is
 * how Tesseract writes them, Poppler would hand them out as two unknown characters. There are 2,048 such codes.
 */
export class CharacterCodes {
  readonly #supplementary = new Map<number, number>();

  /** The codes of a text. Control characters, which nobody can see or search, become blanks. */
  encode(text: string): number[] {
    return Array.from(text, (character) => this.#code(character.codePointAt(0) ?? replacement));
  }

  /** Those codes that do not stand for the character of the same number, with the characters they stand for. */
  supplementary(): [code: number, character: number][] {
    return Array.from(this.#supplementary, ([character, code]) => [code, character]);
  }

  #code(character: number): number {
    if (character < blank || (character > 0x7e && character < 0xa0)) return blank;
    if (character >= firstSurrogate && character <= lastSurrogate) return replacement;
    if (character < firstSupplementary) return character < noncharacters ? character : replacement;
    const known = this.#supplementary.get(character);
    if (known !== undefined) return known;
    const code = firstSurrogate + this.#supplementary.size;
    if (code > lastSurrogate) return replacement;
    this.#supplementary.set(character, code);
    return code;
  }
}
