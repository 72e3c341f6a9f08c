import { type Bar, isCleared } from "../bar.ts";
import { endsByReason } from "./records.ts";
import type { ScenarioRun } from "./scenario.ts";

/** Shares of the limit, in percent: where no trouble is meant to be, and where the engine is replaced at the latest. */
export const peakPercent = { calm: 70, pressed: 85 } as const;
/** Of `/health`: with processors to spare, and with half a one. */
const answersWithinMs = { spare: 100, half: 1_000 } as const;
/** More than one missed answer at ten a second, and far less than the 15 s after which a platform acts. */
const healthGapSeconds = 2;
const pauseSeconds = 2;

/** What every scenario is held to. */
export function steadyBars(run: ScenarioRun, peakAtMost: number = peakPercent.calm): Bar[] {
  return [...survivalBars(run, peakAtMost), ...firstClaimBars(run), ...healthBars(run)];
}

/** Nobody was killed for memory. */
export function survivalBars(run: ScenarioRun, peakAtMost: number): Bar[] {
  const { memory, limitBytes, kernelKills, unexpectedEnds } = run;
  const { critical = 0, ...others } = endsByReason(run.records, "engine_died");
  return [
    atMost(run, "peak of unreclaimable memory", peakAtMost, "%", (100 * memory.peakBytes) / limitBytes),
    atMost(run, "killed by the kernel", 0, "", kernelKills ?? undefined),
    atMost(run, "worker ended by a fault", 0, "", unexpectedEnds),
    atMost(run, "engine killed at critical", 0, "", critical),
    atMost(run, "engine died", 0, "", sum(others)),
  ];
}

/** Every document was read to its end when it was first claimed. */
export function firstClaimBars(run: ScenarioRun): Bar[] {
  return [atMost(run, "claims above the first", 0, "", run.records.claimsAboveFirst), ...faultlessBars(run)];
}

export function faultlessBars(run: ScenarioRun): Bar[] {
  const { failures, stalls } = run.records;
  return [atMost(run, "failures and stalls counted", 0, "", failures + stalls)];
}

export function healthBars(run: ScenarioRun): Bar[] {
  const { health, setting } = run;
  const withinMs = setting.limits.processors < 1 ? answersWithinMs.half : answersWithinMs.spare;
  // No answer at all is the worst of answers.
  const answered = (figure: number | undefined) => (health.answers === 0 ? Number.POSITIVE_INFINITY : figure);
  return [
    atMost(run, "/health, p99", withinMs, "ms", answered(health.p99Ms)),
    atMost(run, "/health, longest gap", healthGapSeconds, "s", answered(health.longestGapSeconds)),
  ];
}

/** What a document may notice of a replaced engine, if all pages take the same time; not measured where it had none. */
export function pauseBars(run: ScenarioRun, pageSeconds: number): Bar[] {
  const { pause } = run.records;
  const beyond = pause === null ? undefined : Math.max(0, pause.longestSeconds - pageSeconds);
  return [atMost(run, "pause at a recycle, beyond a page's time", pauseSeconds, "s", beyond)];
}

/** The documents are, by status, as many as were meant to be. */
export function statusBars(run: ScenarioRun, expected: Readonly<Record<string, number>>): Bar[] {
  const { statuses } = run.records;
  const names = new Set([...Object.keys(expected), ...Object.keys(statuses)]);
  return [...names].map((status) => {
    const [wanted, found] = [expected[status] ?? 0, statuses[status] ?? 0];
    return (found > wanted ? atMost : atLeast)(run, `documents ${status}`, wanted, "", found);
  });
}

export function atMost(
  { scenario }: Pick<ScenarioRun, "scenario">,
  what: string,
  limit: number,
  unit: string,
  measured: number | undefined,
): Bar {
  return { what: `${scenario.name}: ${what}`, unit, limit, kind: "at most", measured };
}

export function atLeast(
  { scenario }: Pick<ScenarioRun, "scenario">,
  what: string,
  limit: number,
  unit: string,
  measured: number | undefined,
): Bar {
  return { what: `${scenario.name}: ${what}`, unit, limit, kind: "at least", measured };
}

/** Whether a bar was missed; one that was not measured was not. */
export function isMissed(bar: Bar): boolean {
  return isCleared(bar) === false;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
