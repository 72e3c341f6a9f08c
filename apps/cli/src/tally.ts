import type { PageResult } from "@quire/core";
import { seconds } from "./progress.ts";

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
  done = 0;

  add({ outcome, pageNumber, error }: PageResult): void {
    this.done++;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    if (outcome === "failed") this.failed.push({ pageNumber, error });
  }

  summary(): string {
    const names = {
      recognized: "recognised",
      text_layer: "from the text layer",
      blank: "blank",
      failed: "failed",
    };
    const outcomes = [...this.#outcomes].map(([outcome, count]) => `${count} ${names[outcome]}`);
    const plural = this.done === 1 ? "page" : "pages";
    return `${this.done} ${plural} (${outcomes.join(", ")}) in ${seconds((performance.now() - this.#start) / 1000)}`;
  }
}
