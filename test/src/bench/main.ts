import { measureAccess } from "./access.ts";
import { Readings } from "./accuracy/readings.ts";
import type { Bar } from "./bar.ts";
import { findNativePair } from "./nativePair.ts";
import { type DatabasePart, optionsOrExit, type PartName, readerParts, runParts } from "./options.ts";
import { corpusFolder, openTemporaryFolder } from "./places.ts";
import { printBars } from "./printBars.ts";
import { measureQueue } from "./queue.ts";
import { parts } from "./readerParts.ts";
import { printComparison, printRuns, printSetting } from "./report.ts";
import type { Run } from "./runs.ts";
import { type Bench, chosenParts, corpusOf, runs } from "./sets.ts";

// By way of "exit", where running commands are killed and the temporary folder goes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

const options = optionsOrExit(process.argv.slice(2));
const temporaryFolder = openTemporaryFolder();
const pair = options.native ? findNativePair(temporaryFolder) : null;
const bench: Bench = { options, corpus: corpusFolder(), pair, temporaryFolder };
const databases: Record<DatabasePart, () => Promise<Bar[]>> = {
  queue: () => measureQueue(temporaryFolder),
  access: measureAccess,
};

printSetting(bench);
const chosen = chosenParts(bench);
const bars: Bar[] = [];
const measuredRuns: Run[] = [];
await scoreReadings();
for (const name of runParts) {
  await attempt(name, async () => {
    const measured = await runs[name](bench);
    measuredRuns.push(...measured.runs);
    return measured.bars;
  });
}
for (const name of ["queue", "access"] as const) await attempt(name, databases[name]);

if (measuredRuns.length > 0) {
  printRuns(measuredRuns);
  printComparison(measuredRuns);
}
printBars(bars);

/** The engine is gone before whole commands are measured: it would take their memory. */
async function scoreReadings(): Promise<void> {
  using readings = new Readings();
  for (const name of readerParts) {
    await attempt(name, () =>
      parts[name]({ options, corpus: corpusOf(bench), pair, folder: temporaryFolder, readings }),
    );
  }
}

/** Measures a part if it is wanted. The others can still be measured if it fails. */
async function attempt(name: PartName, measure: () => Promise<readonly Bar[]>): Promise<void> {
  if (!chosen.includes(name)) return;
  try {
    bars.push(...(await measure()));
  } catch (error) {
    console.error(`bench: ${name} could not be run: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
