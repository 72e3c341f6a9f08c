import { PdfDamage } from "./values.ts";

/** Annex C of ISO 32000-1: the highest number an object may have. */
export const maxObjectNumber = 8_388_607;

/** Where an object is: in the file at `offset`, or the `index`-th in the object stream number `container`. */
export type ObjectPlace =
  | { readonly kind: "file"; readonly offset: number; readonly generation: number }
  | { readonly kind: "stream"; readonly container: number; readonly index: number };

export interface NumberedPlace {
  readonly number: number;
  /** Null: there is no such object any more. */
  readonly place: ObjectPlace | null;
}

const kind = { unknown: 0, free: 1, file: 2, stream: 3 } as const;
const firstCapacity = 1_024;

/** Where the objects of a file are: 13 bytes an object, for a file may have a million of them. */
export class ObjectIndex {
  #kinds = new Uint8Array(firstCapacity);
  #places = new Float64Array(firstCapacity);
  #details = new Uint32Array(firstCapacity);
  #size = 0;
  #holdsContained = false;

  /** One more than the highest number there is. */
  get size(): number {
    return this.#size;
  }

  /** Whether objects are in object streams. */
  get holdsContained(): boolean {
    return this.#holdsContained;
  }

  /** Whether something is known of it, if only that there is no such object any more. */
  knows(number: number): boolean {
    return (this.#kinds[number] ?? kind.unknown) !== kind.unknown;
  }

  free(number: number): void {
    this.#set(number, kind.free, 0, 0);
  }

  setFile(number: number, offset: number, generation: number): void {
    this.#set(number, kind.file, offset, generation);
  }

  setStream(number: number, container: number, index: number): void {
    this.#set(number, kind.stream, container, index);
    this.#holdsContained = true;
  }

  get(number: number): ObjectPlace | null {
    const [place = 0, detail = 0] = [this.#places[number], this.#details[number]];
    if (this.#kinds[number] === kind.file) return { kind: "file", offset: place, generation: detail };
    if (this.#kinds[number] === kind.stream) return { kind: "stream", container: place, index: detail };
    return null;
  }

  /** All objects in the order of their numbers, from 0. */
  *places(): Generator<NumberedPlace> {
    for (let number = 0; number < this.#size; number++) yield { number, place: this.get(number) };
  }

  #set(number: number, what: number, place: number, detail: number): void {
    if (!(number >= 0 && number <= maxObjectNumber))
      throw new PdfDamage("an object's number is out of range");
    if (number >= this.#kinds.length) this.#grow(number + 1);
    this.#kinds[number] = what;
    this.#places[number] = place;
    this.#details[number] = detail;
    this.#size = Math.max(this.#size, number + 1);
  }

  #grow(least: number): void {
    const capacity = Math.max(least, this.#kinds.length * 2);
    const [kinds, places, details] = [this.#kinds, this.#places, this.#details];
    this.#kinds = new Uint8Array(capacity);
    this.#places = new Float64Array(capacity);
    this.#details = new Uint32Array(capacity);
    this.#kinds.set(kinds);
    this.#places.set(places);
    this.#details.set(details);
  }
}
