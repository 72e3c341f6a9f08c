import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMigratedCluster } from "@quire/store/testing";
import { fromTop } from "../../quire.ts";
import type { Bar } from "../bar.ts";
import { corpusFolder, openTemporaryFolder } from "../places.ts";
import { printBars } from "../printBars.ts";
import { MadeDocuments } from "./madeDocuments.ts";
import { isMissed } from "./memoryBars.ts";
import { drawMemoryChart } from "./memoryChart.ts";
import { printScenarioRuns, summaryOf } from "./memoryTable.ts";
import { optionsOrExit } from "./options.ts";
import { runScenario } from "./runScenario.ts";
import type { ScenarioRun } from "./scenario.ts";
import { scenarios } from "./scenarios/index.ts";
import { describeSetting, settings } from "./setting.ts";

// By way of "exit", where workers are killed and their cgroups removed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

const options = optionsOrExit(process.argv.slice(2), scenarios);
const corpus = corpusFolder();
const made = new MadeDocuments(openTemporaryFolder());
const sources = { corpus, made, quick: options.quick };
const folder = mkdtempSync(join(tmpdir(), "quire-memory-"));
console.log(
  `Documents: ${corpus === null ? "made here, for there is no corpus" : "the corpus, and made here"}`,
);
console.log(`Raw samples and logs: ${folder}`);

const cluster = await startMigratedCluster();
const missed: Bar[] = [];
for (const name of options.settings) {
  const setting = settings[name];
  console.log(`\nSetting ${describeSetting(setting)}`);
  const runs: ScenarioRun[] = [];
  for (const scenario of options.scenarios) {
    process.stderr.write(`bench: ${scenario.name}: ${scenario.title}\n`);
    try {
      const run = await runScenario({ scenario, setting, cluster, sources, folder });
      process.stderr.write(`bench: ${scenario.name}: ${summaryOf(run)}\n`);
      runs.push(run);
    } catch (error) {
      // The other scenarios can still be run.
      console.error(`bench: ${scenario.name} failed: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
  const [first] = runs;
  if (!first) continue;
  console.log(`Limits kept by: ${first.confinement}`);
  printScenarioRuns(runs);
  const bars = runs.flatMap((run) => run.scenario.bars(run));
  printBars(bars);
  missed.push(...bars.filter(isMissed));
  if (!options.chart) continue;
  const chart = options.complete ? fromTop(`docs/memory-${name}.svg`) : join(folder, `memory-${name}.svg`);
  writeFileSync(chart, drawMemoryChart(runs));
  console.log(`\nChart: ${chart}`);
}
await cluster.stop();
if (missed.length > 0) process.exitCode = 1;
