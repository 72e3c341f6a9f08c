/** The objects of a PDF (ISO 32000-1, 7.3). Dictionaries and arrays know the bytes they were read from. */
export type PdfValue = null | boolean | number | PdfName | PdfText | PdfReference | PdfArray | PdfDictionary;

export class PdfName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A string: only that it is one, for nothing here depends on what it says. */
export class PdfText {}

export class PdfReference {
  readonly number: number;
  readonly generation: number;
  constructor(number: number, generation: number) {
    this.number = number;
    this.generation = generation;
  }
}

export class PdfArray {
  readonly items: readonly PdfValue[];
  /** Each item as it stands in the file. */
  readonly itemSources: readonly Buffer[];
  constructor(items: readonly PdfValue[], itemSources: readonly Buffer[]) {
    this.items = items;
    this.itemSources = itemSources;
  }
}

/** A value of a dictionary, and the bytes of its key and itself. */
export interface PdfEntry {
  readonly value: PdfValue;
  readonly source: Buffer;
  readonly valueSource: Buffer;
}

export class PdfDictionary {
  readonly entries: ReadonlyMap<string, PdfEntry>;
  constructor(entries: ReadonlyMap<string, PdfEntry>) {
    this.entries = entries;
  }

  /** A value as it stands there, which may be a reference; null where there is none. */
  get(key: string): PdfValue {
    return this.entries.get(key)?.value ?? null;
  }

  /** The dictionary written with other values for some keys, and all else byte for byte as it was. */
  with(changes: Readonly<Record<string, Buffer | string>>): Buffer {
    const parts: Buffer[] = [Buffer.from("<<")];
    for (const [key, { source }] of this.entries) {
      if (!Object.hasOwn(changes, key)) parts.push(Buffer.from("\n"), source);
    }
    for (const [key, value] of Object.entries(changes)) {
      parts.push(Buffer.from(`\n/${key} `), Buffer.from(value));
    }
    return Buffer.concat([...parts, Buffer.from("\n>>")]);
  }
}

/** The file is not what ISO 32000-1 says it should be at this place. */
export class PdfDamage extends Error {}
