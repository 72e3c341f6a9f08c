import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMigratedCluster } from "@quire/store/testing";
import { MadeDocuments } from "../memory/madeDocuments.ts";
import { isMissed } from "../memory/memoryBars.ts";
import { drawMemoryChart } from "../memory/memoryChart.ts";
import { printScenarioRuns } from "../memory/memoryTable.ts";
import { runScenario } from "../memory/runScenario.ts";
import type { ScenarioRun } from "../memory/scenario.ts";
import { describeSetting, settings } from "../memory/setting.ts";
import { corpusFolder, openTemporaryFolder } from "../places.ts";
import { printBars } from "../printBars.ts";
import { fakesScenario, printFakes } from "./fakesScenario.ts";
import { mixedLoad } from "./mixedLoad.ts";
import { optionsOrExit } from "./options.ts";
import { printSoak } from "./soakReport.ts";
import { soakScenario } from "./soakScenario.ts";

// By way of "exit", where workers are killed and their cgroups removed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

const { minutes, setting: name, parts } = optionsOrExit(process.argv.slice(2));
const setting = settings[name];
const corpus = corpusFolder();
const made = new MadeDocuments(openTemporaryFolder());
const folder = mkdtempSync(join(tmpdir(), "quire-soak-"));
console.log(`Setting ${describeSetting(setting)}`);
console.log(`Documents: ${corpus === null ? "samples/ (there is no corpus)" : "samples/ and the corpus"}`);
console.log(`Raw samples and logs: ${folder}`);

const load = await mixedLoad(made, corpus);
const chosen = [
  ...(parts.includes("fakes") ? [fakesScenario] : []),
  ...(parts.includes("mixed") ? [soakScenario(minutes, load)] : []),
];
const cluster = await startMigratedCluster();
const runs: ScenarioRun[] = [];
for (const scenario of chosen) {
  process.stderr.write(`soak: ${scenario.title}\n`);
  const sources = { corpus, made, quick: false };
  runs.push(await runScenario({ scenario, setting, cluster, sources, folder }));
}
await cluster.stop();

console.log(`Limits kept by: ${runs[0]?.confinement}`);
printScenarioRuns(runs);
for (const run of runs) (run.scenario === fakesScenario ? printFakes : printSoak)(run);
const bars = runs.flatMap((run) => run.scenario.bars(run));
printBars(bars);
const chart = join(folder, "memory.svg");
writeFileSync(chart, drawMemoryChart(runs));
console.log(`\nChart: ${chart}`);
if (bars.some(isMissed)) process.exitCode = 1;
