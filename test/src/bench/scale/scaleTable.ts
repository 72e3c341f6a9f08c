import type { Bar } from "../bar.ts";
import { percentile } from "../memory/percentile.ts";
import { printTable } from "../printTable.ts";
import type { Round } from "./measureRound.ts";
import { pagesPerSecondAtMost } from "./waitingDocuments.ts";

const linearAtLeast = 0.95;

/** Of all rounds with so many documents waiting, in the order they were measured. */
export function printScale(waiting: number, rounds: readonly Round[]): void {
  const head = [
    "workers",
    "pages/s",
    "of linear",
    "of the engine's most",
    "claims",
    "claim p50 ms",
    "p99 ms",
    "database CPU s/s",
    "statements/page",
  ];
  const rows = rounds
    .filter((round) => round.waiting === waiting)
    .map((round) => [
      `${round.workers}`,
      rateOf(round).toFixed(2),
      (rateOf(round) / round.workers / oneWorkersRate(rounds, waiting)).toFixed(3),
      (rateOf(round) / round.workers / pagesPerSecondAtMost).toFixed(3),
      `${round.claims}`,
      round.claimMs.p50?.toFixed(1) ?? "–",
      round.claimMs.p99?.toFixed(1) ?? "–",
      (round.cpuSeconds / round.seconds).toFixed(2),
      (round.statements / round.pages).toFixed(1),
    ]);
  printTable(`${waiting} documents waiting`, head, rows);
}

/** What the server was busy with in a round. */
export function printStatements({ workers, waiting, pages, costliest }: Round): void {
  const rows = costliest.map(({ statement, ms, calls }) => [
    statement,
    `${calls}`,
    (ms / calls).toFixed(2),
    (ms / pages).toFixed(2),
  ]);
  printTable(
    `${workers} workers, ${waiting} documents waiting`,
    ["statement", "calls", "ms each", "ms a page"],
    rows,
  );
}

/** What each number of workers is held to: the median of its rounds beside that of one worker's. */
export function scaleBars(rounds: readonly Round[]): Bar[] {
  const kinds = new Map(
    rounds.map(({ workers, waiting }) => [`${workers} ${waiting}`, { workers, waiting }]),
  );
  return [...kinds.values()]
    .filter(({ workers }) => workers > 1)
    .map(({ workers, waiting }) => ({
      what: `${workers} workers, ${waiting} waiting: share of linear`,
      unit: "",
      kind: "at least",
      limit: linearAtLeast,
      measured: medianRate(rounds, workers, waiting) / workers / oneWorkersRate(rounds, waiting),
    }));
}

const rateOf = ({ pages, seconds }: Round) => pages / seconds;

/** Not a number where one worker was not measured. */
const oneWorkersRate = (rounds: readonly Round[], waiting: number) => medianRate(rounds, 1, waiting);

function medianRate(rounds: readonly Round[], workers: number, waiting: number): number {
  const same = rounds.filter((round) => round.workers === workers && round.waiting === waiting);
  return percentile(same.map(rateOf), 0.5) ?? Number.NaN;
}
