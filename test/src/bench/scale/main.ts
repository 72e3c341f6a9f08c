/**
 * How reading grows with the workers: one, two, four and eight of them on one database, with an engine whose pages wait
 * 250 ms each, so that neither the machine nor the reading is what is measured; with a short queue and with a
 * long one. The rounds take turns, so that whatever else the machine does befalls them alike.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startMigratedCluster } from "@quire/store/testing";
import { printBars } from "../printBars.ts";
import { meteredSettings } from "./databaseWork.ts";
import { FilledDatabases } from "./filledDatabases.ts";
import { measureRound, type Round } from "./measureRound.ts";
import { printScale, printStatements, scaleBars } from "./scaleTable.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    rounds: { type: "string", default: "3" },
    statements: { type: "boolean", default: false },
    workers: { type: "string", default: "1,2,4,8" },
    waiting: { type: "string", default: "2000,100000" },
  },
});
const counts = values.workers.split(",").map(Number);
const queues = values.waiting.split(",").map(Number);

// By way of "exit", where workers are killed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
const folder = mkdtempSync(join(tmpdir(), "quire-scale-"));
const cluster = await startMigratedCluster({ durable: true, settings: meteredSettings });
const databases = new FilledDatabases(cluster, join(folder, "files"));
const rounds: Round[] = [];
try {
  for (let turn = 0; turn < Number(values.rounds); turn++) {
    for (const waiting of queues) {
      for (const workers of counts) {
        process.stderr.write(`scale: ${workers} workers, ${waiting} documents waiting\n`);
        const seconds = Number(values.seconds);
        const own = join(folder, `${turn}-${waiting}-${workers}`);
        rounds.push(await measureRound(databases, own, { workers, waiting, seconds }));
      }
    }
  }
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
for (const waiting of queues) printScale(waiting, rounds);
if (values.statements) rounds.forEach(printStatements);
printBars(scaleBars(rounds));
