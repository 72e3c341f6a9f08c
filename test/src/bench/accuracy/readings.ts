import { automaticLanguage, loadConfig, type PageResult, type Quality } from "@quire/core";
import { Engine } from "@quire/engine";

const environment = { OCR_THREADS: "2" };

export interface ReadRequest {
  readonly path: string;
  readonly quality: Quality;
  /** From 1; all pages by default. */
  readonly pageNumbers?: readonly number[] | undefined;
  readonly languages?: readonly string[];
}

/** Reads documents with the engine, each page once a quality: what was read is kept for the next who asks. */
export class Readings implements Disposable {
  readonly #engine = new Engine(loadConfig({ ...process.env, ...environment }));
  readonly #pages = new Map<string, Map<number, PageResult>>();
  readonly #languages: readonly string[];

  /** @param languages what documents are read in where the request names none */
  constructor(languages: readonly string[] = [automaticLanguage]) {
    this.#languages = languages;
  }

  /** The pages asked for, in order. A page that could not be read has the outcome `failed`. */
  async read({ path, quality, pageNumbers, languages }: ReadRequest): Promise<PageResult[]> {
    const inLanguages = languages ?? this.#languages;
    const key = JSON.stringify([path, quality, inLanguages]);
    const known = this.#pages.get(key) ?? new Map<number, PageResult>();
    this.#pages.set(key, known);
    const missing = pageNumbers?.filter((page) => !known.has(page));
    if (missing ? missing.length > 0 : known.size === 0) {
      process.stderr.write(`bench: ${path}, ${quality}\n`);
      const document = await this.#engine.openDocument(path, {
        languages: inLanguages,
        textLayer: "auto",
        rotate: "auto",
        quality,
        preview: false,
      });
      try {
        for await (const page of document.pages({ pageNumbers: missing })) known.set(page.pageNumber, page);
      } finally {
        document.close();
      }
    }
    const wanted = pageNumbers ?? [...known.keys()].sort((a, b) => a - b);
    return wanted.flatMap((page) => known.get(page) ?? []);
  }

  [Symbol.dispose](): void {
    this.#engine.close();
  }
}
