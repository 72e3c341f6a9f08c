import { availableParallelism, cpus } from "node:os";
import { quantile } from "../boxes/boxOverlap.ts";
import { type BenchDocument, clinicalDocuments } from "../documents.ts";
import { corpusFolder, openTemporaryFolder } from "../places.ts";
import { printBars } from "../printBars.ts";
import { printTable } from "../printTable.ts";
import { type QuireRequest, readWithQuire } from "../readWithQuire.ts";
import { precision, recall, score } from "../scoring.ts";
import { optionsOrExit } from "./options.ts";
import { writeTurnedCopies } from "./turnedCopies.ts";
import {
  cpuSeconds,
  type Pair,
  peakMegabytes,
  type TurnedRun,
  uprightBars,
  wallSeconds,
} from "./uprightBars.ts";

// By way of "exit", where running commands are killed and the temporary folder goes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));

const options = optionsOrExit(process.argv.slice(2));
const corpus = corpusFolder();
if (corpus === null) {
  console.error("bench: the corpus is not here, and nothing else has a truth for scans that are turned");
  process.exit(1);
}
const temporaryFolder = openTemporaryFolder();
const scans = [...clinicalDocuments(corpus, "scan300"), ...clinicalDocuments(corpus, "fax200")];
const documents = evenly(scans, options.documents);
console.log(
  `${availableParallelism()} processors (${cpus()[0]?.model ?? process.arch}), Node ${process.versions.node}, ` +
    `${documents.length} of ${scans.length} documents, ${options.threads} threads`,
);

const upright = await readTurned(0);
const turned: TurnedRun[] = [];
for (const degrees of options.turns) turned.push(await readTurned(degrees));
const pairs: Pair[] = [];
for (let round = 0; round < options.rounds; round++) pairs.push(await readPair(round));

printTable(
  "Copies, turned clockwise",
  ["degrees", "recall %", "precision %", "skew °", "failed", "CPU s", "wall s", "peak MB"],
  [upright, ...turned].map((run) => [
    String(run.degrees),
    (100 * recall(run.score)).toFixed(2),
    (100 * precision(run.score)).toFixed(2),
    quantile(run.reading.skews, 0.5).toFixed(1),
    String(run.reading.failedPages),
    cpuSeconds(run.reading).toFixed(1),
    wallSeconds(run.reading).toFixed(1),
    peakMegabytes(run).toFixed(0),
  ]),
);
console.log("skew: as the reader gives it, the median of the pages");
printTable(
  "Upright originals, with their orientation looked for and without",
  ["round", "CPU s", "CPU s without", "wall s", "wall s without"],
  pairs.map(({ auto, never }, round) => [
    String(round + 1),
    ...[cpuSeconds(auto), cpuSeconds(never), wallSeconds(auto), wallSeconds(never)].map((s) => s.toFixed(1)),
  ]),
);
printBars(uprightBars(upright, turned, pairs));

async function readTurned(degrees: number): Promise<TurnedRun> {
  process.stderr.write(`bench: turned by ${degrees}°\n`);
  const copies = await writeTurnedCopies(documents, degrees, temporaryFolder);
  const reading = await readWithQuire(requestFor(copies));
  return { degrees, reading, score: score(copies, reading.texts) };
}

/** Which comes first changes from round to round: the second may find the machine warmer. */
async function readPair(round: number): Promise<Pair> {
  process.stderr.write(`bench: upright, round ${round + 1}\n`);
  const auto = () => readWithQuire(requestFor(documents));
  const never = () => readWithQuire({ ...requestFor(documents), flags: ["--rotate", "never"] });
  if (round % 2 === 0) return { auto: await auto(), never: await never() };
  const without = await never();
  return { auto: await auto(), never: without };
}

function requestFor(wanted: readonly BenchDocument[]): QuireRequest {
  return { files: wanted.map(({ path }) => path), threads: options.threads };
}

/** So many of the items, as far apart as they can be. */
function evenly<T>(items: readonly T[], count: number): T[] {
  if (count >= items.length) return [...items];
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)] as T);
}
