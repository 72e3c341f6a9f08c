import type { PageReader, PageResult } from "@quire/core";
import { softwareName, softwareVersion } from "./software.ts";
import { xmlAttributes, xmlText } from "./xmlText.ts";

/** How the text of a page was obtained: its processingStepDescription. */
const recognition = "optical character recognition";
const ownText = "the document's own text layer";

/** The readers of a file's pages, each described once: the Processing elements that PROCESSINGREFS points to. */
export class AltoProcessings {
  /** By what they were made of: a reader, or an outcome of pages that have none. */
  readonly #ids = new Map<string, string>();
  readonly #elements: string[] = [];
  #readers = 0;

  /** The ID of a page's Processing; undefined for a page that has no text from anywhere: blank, or failed. */
  idOf({ outcome, reader }: Pick<PageResult, "outcome" | "reader">): string | undefined {
    if (!reader && outcome !== "recognized" && outcome !== "text_layer") return undefined;
    const key = reader ? JSON.stringify(reader) : outcome;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (reader) this.#readers += 1;
    const id = reader ? `reader_${this.#readers}` : outcome;
    const description = !reader && outcome === "text_layer" ? ownText : recognition;
    this.#ids.set(key, id);
    this.#elements.push(processing(id, description, reader));
    return id;
  }

  /** The elements of the pages so far. */
  xml(): string {
    return this.#elements.join("");
  }
}

function processing(id: string, description: string, reader: PageReader | null): string {
  const settings = reader && element("processingStepSettings", `quality: ${reader.quality}`);
  const software = [
    element("softwareName", softwareName),
    element("softwareVersion", softwareVersion()),
    reader && element("applicationDescription", describe(reader)),
  ];
  const contents = [
    element("processingCategory", "contentGeneration"),
    element("processingStepDescription", description),
    settings,
    `<processingSoftware>${joined(software)}</processingSoftware>`,
  ];
  return `<Processing${xmlAttributes({ ID: id })}>${joined(contents)}</Processing>\n`;
}

function describe({ engine, version, models }: PageReader): string {
  const of = models.length > 0 ? `; models: ${models.join(", ")}` : "";
  return `reader: ${engine}, version ${version}${of}`;
}

function element(name: string, text: string): string {
  return `<${name}>${xmlText(text)}</${name}>`;
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join("");
}
