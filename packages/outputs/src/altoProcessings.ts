import type { PageReader, PageResult } from "@quire/core";
import { softwareName, softwareVersion } from "./software.ts";
import { xmlAttributes, xmlText } from "./xmlText.ts";

/** How the text of a page was obtained: its processingStepDescription. */
const descriptions = {
  recognized: "optical character recognition",
  text_layer: "the document's own text layer",
} as const;

/** What the pages of a file were read with, each of it once: the Processing elements that PROCESSINGREFS points to. */
export class AltoProcessings {
  readonly #ids = new Map<string, string>();
  readonly #elements: string[] = [];

  /** The ID of what a page was read with; undefined if nothing was read on it. */
  idOf({ outcome, reader }: Pick<PageResult, "outcome" | "reader">): string | undefined {
    if (reader)
      return this.#idOf(JSON.stringify(reader), `reader_${this.#ids.size + 1}`, "recognized", reader);
    if (outcome !== "recognized" && outcome !== "text_layer") return undefined;
    return this.#idOf(outcome, outcome, outcome, null);
  }

  /** The elements, for the pages whose IDs were asked for. */
  xml(): string {
    return this.#elements.join("");
  }

  #idOf(key: string, newId: string, outcome: keyof typeof descriptions, reader: PageReader | null): string {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, newId);
    this.#elements.push(processing(newId, descriptions[outcome], reader));
    return newId;
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
