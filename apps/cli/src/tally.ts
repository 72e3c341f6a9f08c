import { countUncertainNumbers, type PageResult, type PageWarning } from "@quire/core";
import { numbersToCheck } from "./numbersToCheck.ts";
import { seconds } from "./progress.ts";

/** What is said of pages because there is something to be done about them; see docs/languages.md. */
const toldWarnings = ["low_confidence", "low_resolution", "single_reader"] as const satisfies PageWarning[];
type ToldWarning = (typeof toldWarnings)[number];

const remedies: Readonly<Record<ToldWarning, string>> = {
  low_confidence: "expect errors. Scan again at 300 dpi, flat and in good light; or is --lang right?",
  low_resolution: "under 150 dpi, expect errors. Scan again at 300 dpi.",
  single_reader:
    "only one recogniser read them, so their numbers were not checked. Compare them with the original.",
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
  readonly #warnings = new Map<ToldWarning, number>();
  /** Pages by the model that they lack. */
  readonly #missingLanguages = new Map<string, number>();
  readonly #pagesToCheck: number[] = [];
  #numbersToCheck = 0;
  done = 0;

  add({ outcome, pageNumber, error, warnings, words, missingLanguage }: PageResult): void {
    this.done++;
    for (const warning of toldWarnings) if (warnings.includes(warning)) addOne(this.#warnings, warning);
    if (missingLanguage !== undefined) addOne(this.#missingLanguages, missingLanguage);
    const uncertain = countUncertainNumbers(words);
    this.#numbersToCheck += uncertain;
    if (uncertain > 0) this.#pagesToCheck.push(pageNumber);
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    if (outcome === "failed") this.failed.push({ pageNumber, error });
  }

  /** What is to be done about pages that read badly, a line for each kind of them. */
  advice(): string[] {
    return [
      ...[...this.#warnings].map(([warning, count]) => `${pages(count)} ${warning}: ${remedies[warning]}`),
      ...[...this.#missingLanguages].map(
        ([language, count]) =>
          `${pages(count)} script_not_covered: text in a script that is not installed. Install it: npm install @tesseract.js-data/${language}`,
      ),
    ];
  }

  /** What is said at the end, a line each: what was read, what to do about it, and which numbers to check. */
  report(): string[] {
    const toCheck = numbersToCheck(
      this.#numbersToCheck,
      this.#pagesToCheck.toSorted((one, other) => one - other),
    );
    return [this.summary(), ...this.advice(), ...(toCheck === null ? [] : [toCheck])];
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

function addOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function pages(count: number): string {
  return `${count} ${count === 1 ? "page" : "pages"}`;
}
