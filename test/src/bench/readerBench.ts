import type { Readings } from "./accuracy/readings.ts";
import type { NativePair } from "./nativePair.ts";
import type { BenchOptions } from "./options.ts";

/** What the parts that score the reader's results are measured with. */
export interface ReaderBench {
  readonly options: BenchOptions;
  readonly corpus: string;
  readonly pair: NativePair | null;
  /** For documents that are made. */
  readonly folder: string;
  readonly readings: Readings;
}
