import { measureAccess } from "./access.ts";
import { type Bar, barsOf } from "./bars.ts";
import { findNativePair } from "./nativePair.ts";
import { optionsOrExit } from "./options.ts";
import { corpusFolder, openTemporaryFolder } from "./places.ts";
import { measureQueue } from "./queue.ts";
import { printBars, printComparison, printRuns, printSetting } from "./report.ts";
import type { Run } from "./runs.ts";
import { type Bench, chosenSets, sets } from "./sets.ts";

// By way of "exit", where running commands are killed and the temporary folder goes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

const options = optionsOrExit(process.argv.slice(2));
const temporaryFolder = openTemporaryFolder();
const pair = options.native ? findNativePair(temporaryFolder) : null;
const bench: Bench = { options, corpus: corpusFolder(), pair, temporaryFolder };

printSetting(bench);
const runs: Run[] = [];
const databaseBars: Bar[] = [];
for (const name of chosenSets(bench)) {
  try {
    if (name === "queue") databaseBars.push(...(await measureQueue(temporaryFolder)));
    else if (name === "access") databaseBars.push(...(await measureAccess()));
    else runs.push(...(await sets[name](bench)));
  } catch (error) {
    // The other sets can still be measured.
    console.error(`bench: ${name} could not be run: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

printRuns(runs);
printComparison(runs);
printBars([...barsOf(runs), ...databaseBars]);
