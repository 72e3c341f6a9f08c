import { styleText } from "node:util";
import type { ReasonCode, WorkerStatus } from "@quire/worker";
import { isFull, type StatusReport } from "./askWorker.ts";
import { printable } from "./printable.ts";
import { eventLines, sections } from "./statusSections.ts";
import { wrapLines } from "./wrapLines.ts";

/** What there is room for, in characters. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** The names on the left. */
const nameColumns = 10;

const statuses: Readonly<Record<WorkerStatus, { colour: "green" | "yellow" | "red"; means: string }>> = {
  ok: { colour: "green", means: "reads, and takes new documents" },
  pressure: { colour: "yellow", means: "reads on, and takes no new documents until memory is lower" },
  database_away: { colour: "yellow", means: "waits for its database" },
  draining: { colour: "yellow", means: "is leaving, and takes no new documents" },
  starting: { colour: "yellow", means: "is starting" },
  broken: { colour: "red", means: "cannot go on; only a fresh process helps" },
};

/** In plain words where the worker's own, with figures, are not told. */
const reasonWords: Readonly<Record<ReasonCode, string>> = {
  event_loop_stalled: "Its timers do not run.",
  memory_stays_critical: "Memory stays critical although the engine was killed.",
  claiming_stuck: "It has stopped looking for documents.",
  engine_cannot_start: "The engine cannot be started.",
  database_never_reached: "It has not reached the database since it started.",
  draining: "It finishes what it has, and leaves.",
  starting: "It is starting.",
  database_away: "The database does not answer.",
  memory_pressure: "Memory is near its limit.",
};

/** Lines for documents: as many as leave the newest events in sight. */
const documentLines = [6, 4, 2, 1];
const eventsInSight = 3;

/** How a worker stands, as text that fits the screen: no line wider, and not more lines. */
export function statusScreen(report: StatusReport, url: URL, screen: Screen): string {
  const [first = "", ...rest] = lines(report, url, screen)
    .slice(0, Math.max(1, screen.rows))
    .map((line) => cut(printable(line), screen.columns));
  return [coloured(first, report), ...rest].join("\n");
}

function lines(report: StatusReport, url: URL, { columns, rows }: Screen): string[] {
  const head = headLines(report, columns);
  if (!isFull(report)) return [...head, ...briefLines];
  const events = named("events", eventLines(report));
  const room = (documents: number) => ({ columns: columns - nameColumns, documents });
  const bodies = documentLines.map((documents) =>
    sections(report, url, room(documents)).flatMap(([name, part]) => named(name, part)),
  );
  const fits = (body: readonly string[]) => head.length + body.length + eventsInSight <= rows;
  return [...head, ...(bodies.find(fits) ?? bodies.at(-1) ?? []), ...events];
}

const briefLines = ["", "The worker tells more to whoever has its OPERATIONS_TOKEN: set it here too."];

function headLines({ status, reasons }: StatusReport, columns: number): string[] {
  const means = statuses[status]?.means ?? "";
  const told = reasons.flatMap((reason) => {
    const message = "message" in reason ? String(reason.message) : (reasonWords[reason.code] ?? "");
    return wrapLines(`${message} (${reason.code})`, columns - nameColumns);
  });
  return [`${status.toUpperCase().replaceAll("_", " ").padEnd(nameColumns)}${means}`, ...named("", told)];
}

/** A section: its name beside its first line. */
function named(name: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? name : "").padEnd(nameColumns)}${line}`);
}

function cut(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}

/** The status itself in its colour, on a terminal that shows any. */
function coloured(line: string, { status }: StatusReport): string {
  const colour = statuses[status]?.colour ?? "yellow";
  const word = line.slice(0, nameColumns).trimEnd();
  return `${styleText([colour, "bold"], word, { stream: process.stdout })}${line.slice(word.length)}`;
}
