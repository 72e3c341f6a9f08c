import type { PageResult, PageWarning } from "@quire/core";
import { seconds } from "./progress.ts";

/** What is said of pages because they should be scanned again; see docs/languages.md. */
const lowQualities = ["low_confidence", "low_resolution"] as const satisfies PageWarning[];
type LowQuality = (typeof lowQualities)[number];

const remedies: Readonly<Record<LowQuality, string>> = {
  low_confidence: "expect errors. Scan again at 300 dpi, flat and in good light; or is --lang right?",
  low_resolution: "under 150 dpi, expect errors. Scan again at 300 dpi.",
};

/** Hands pages on as they are, and counts them. */
export async function* counted(
  pages: AsyncIterable<PageResult>,
  tally: Tally,
  onPage: () => void = () => {},
): AsyncGenerator<PageResult> {
  for await (const page of pages) {
    tally.add(page);
    onPage();
    yield page;
  }
}

/** Counts what became of the pages; of failed ones it keeps number and error only. */
export class Tally {
  readonly #start = performance.now();
  readonly #outcomes = new Map<PageResult["outcome"], number>();
  readonly failed: Pick<PageResult, "pageNumber" | "error">[] = [];
  readonly #warnings = new Map<LowQuality, number>();
  done = 0;

  add({ outcome, pageNumber, error, warnings }: PageResult): void {
    this.done++;
    for (const warning of lowQualities)
      if (warnings.includes(warning)) this.#warnings.set(warning, (this.#warnings.get(warning) ?? 0) + 1);
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    if (outcome === "failed") this.failed.push({ pageNumber, error });
  }

  /** What is to be done about pages that read badly, a line for each kind of them. */
  advice(): string[] {
    return [...this.#warnings].map(([warning, count]) => `${pages(count)} ${warning}: ${remedies[warning]}`);
  }

  summary(): string {
    const names = {
      recognized: "recognised",
      text_layer: "from the text layer",
      blank: "blank",
      failed: "failed",
    };
    const outcomes = [...this.#outcomes].map(([outcome, count]) => `${count} ${names[outcome]}`);
    return `${pages(this.done)} (${outcomes.join(", ")}) in ${seconds((performance.now() - this.#start) / 1000)}`;
  }
}

function pages(count: number): string {
  return `${count} ${count === 1 ? "page" : "pages"}`;
}
