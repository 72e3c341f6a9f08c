import type { Bar } from "../bar.ts";
import type { MadeDocuments } from "./madeDocuments.ts";
import type { Limits, Setting } from "./setting.ts";
import type { Stage, Watched } from "./stage.ts";

/** What a scenario's course finds besides what is watched in every one. */
export type Findings = Readonly<Record<string, number>>;

/** Where documents come from. */
export interface Sources {
  /** Where the test documents are, or null. */
  readonly corpus: string | null;
  readonly made: MadeDocuments;
  /** Fewer pages, for a look. */
  readonly quick: boolean;
}

/** One way of using a worker that it must bear. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly worker: "quire" | "fake";
  readonly env?: Readonly<Record<string, string>>;
  /** Other limits and threads than the setting's. */
  readonly limits?: (setting: Setting) => Limits;
  readonly threads?: number;
  /** Then it is given up: more than it takes at half a processor. */
  readonly minutesAtMost: number;
  /**
   * Finds or makes the files that it needs, before anything is watched: making them keeps this process busy.
   *
   * @returns their paths
   */
  prepare?(sources: Sources): Promise<string[]>;
  /** Adds documents and waits until they are read. */
  run(stage: Stage, paths: readonly string[], quick: boolean): Promise<Findings>;
  /** What it is held to. */
  bars(run: ScenarioRun): Bar[];
}

/** A scenario as it went. */
export interface ScenarioRun extends Watched {
  readonly scenario: Scenario;
  readonly setting: Setting;
  readonly limitBytes: number;
  readonly findings: Findings;
}
