import { watermarks } from "@quire/memory";
import { reportReader } from "@quire/worker/reader";
import prettyBytes from "pretty-bytes";
import prettyMs from "pretty-ms";
import type { FullStatus } from "./askWorker.ts";
import { meter } from "./meter.ts";
import { wrapLines } from "./wrapLines.ts";

const secondMs = 1_000;
const hourMs = 3_600_000;
const marks = Object.values(watermarks).map(({ enter }) => enter);

/** What there is room for: characters in a line, and lines for documents, of which a worker may have many. */
export interface Room {
  readonly columns: number;
  readonly documents: number;
}

/** The parts of a worker's status, by name. */
export function sections(report: FullStatus, url: URL, room: Room): [string, string[]][] {
  return [
    ["worker", [`${report.version} at ${url.host}, up ${time(report.uptimeSeconds * secondMs)}`]],
    ["memory", memoryLines(report, room)],
    ["heap", [heapLine(report)]],
    ["engine", engineLines(report)],
    ...readerSection(report),
    ["reading", readingLines(report, room)],
    ["so far", soFarLines(report)],
    ["restart", [restartLine(report)]],
    ["recycled", wrapLines(recycledLine(report), room.columns)],
  ];
}

/** The newest first. */
export function eventLines({ events, at: toldAt }: FullStatus): string[] {
  const lines = events.toReversed().map(({ at, event, reason }) => {
    return `${`${age(at, toldAt)} ago`.padEnd(ageColumns)}${event}${reason === null ? "" : ` (${reason})`}`;
  });
  return lines.length === 0 ? ["none yet"] : lines;
}

const ageColumns = 13;
const percentColumns = 9;
const idColumns = 8;
/** `page 200 of 200`, and some. */
const pagesColumns = 18;

function memoryLines({ memory, at: toldAt }: FullStatus, { columns }: Room): string[] {
  const { percent, usedBytes, limitBytes, level, since } = memory;
  const bar = meter(percent / 100, columns - percentColumns, marks);
  const held = age(since, toldAt);
  const at = marks.map((mark) => Math.round(mark * 100)).join(", ");
  return [
    `${bar}${`${percent.toFixed(1)} %`.padStart(percentColumns)}`,
    `${size(usedBytes)} of ${size(limitBytes)}, ${level} for ${held}; marks at ${at} %`,
  ];
}

function heapLine({ heap: { worker, engine } }: FullStatus): string {
  const of = (heap: typeof worker) => `${size(heap.usedBytes)} of ${size(heap.limitBytes)}`;
  return `worker ${of(worker)}, engine ${engine === null ? "off" : of(engine)}`;
}

function engineLines({ engine }: FullStatus): string[] {
  const { state, cannotStart, residentBytes, pagesRead, threads, configuredThreads } = engine;
  const figures =
    residentBytes === null
      ? ""
      : `, ${size(residentBytes)} resident, ${counted(pagesRead ?? 0, "page")} read`;
  const wasm = threads.map(({ wasmBytes }) => size(wasmBytes)).join(" + ");
  const isTesseractLoaded = threads.some(({ wasmBytes }) => wasmBytes > 0);
  const running = isTesseractLoaded ? `: ${wasm} of Tesseract` : "";
  return [
    `${cannotStart ? "cannot be started" : state}${figures}`,
    `${threads.length} of ${counted(configuredThreads, "OCR thread")}${running}`,
  ];
}

/** A worker of an earlier version does not say. */
function readerSection({ engine: { reader } }: FullStatus): [string, string[]][] {
  return reader ? [["reader", [reportReader(reader, { reader: "auto" }).line]]] : [];
}

function readingLines({ documents, concurrency }: FullStatus, room: Room): string[] {
  const { inForce, configured } = concurrency;
  const fewer = inForce < configured ? ` (${configured} when memory allows)` : "";
  const lines = documents.slice(0, room.documents).map(({ id, lane, pagesDone, pageCount }) => {
    const name = `${id.slice(0, idColumns)}  ${lane.padEnd(6)}`;
    if (pageCount === null) return `${name}  is being opened`;
    const pages = `page ${pagesDone} of ${pageCount}`.padEnd(pagesColumns);
    return `${name}  ${pages}${meter(pagesDone / pageCount, room.columns - name.length - pagesColumns - 2)}`;
  });
  const more = documents.length - lines.length;
  return [
    `${counted(documents.length, "document")}, up to ${inForce} at once${fewer}`,
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function soFarLines({ rates, counts }: FullStatus): string[] {
  const { success, failure, retry, stall } = rates;
  const { pages, completed, partial, refused, failed, handedBack } = counts;
  return [
    `${percent(success)} read, ${percent(failure)} failed, ${percent(retry)} tried again, ${percent(stall)} stalled`,
    `${counted(pages, "page")}; ${completed} complete, ${partial} in part, ${refused} refused, ${failed} failed, ${handedBack} handed back`,
  ];
}

function restartLine({ restart: { jobsLeft, hoursLeft } }: FullStatus): string {
  const bounds = [
    ...(jobsLeft === null ? [] : [counted(jobsLeft, "document")]),
    ...(hoursLeft === null ? [] : [time(hoursLeft * hourMs)]),
  ];
  return bounds.length === 0 ? "never by itself" : `after ${bounds.join(" or ")} more`;
}

function recycledLine({ engine: { recycled, recycles } }: FullStatus): string {
  const byCount = Object.entries(recycles).toSorted(([, one], [, other]) => other - one);
  const why = byCount.map(([reason, count]) => `${reason} ${count}`);
  return recycled === 0 ? "no engine yet" : `${counted(recycled, "engine")}: ${why.join(", ")}`;
}

/** In the units that memory limits are set in. */
function size(bytes: number): string {
  return prettyBytes(bytes, { binary: true, maximumFractionDigits: 0 });
}

/** By the worker's own clock: ours may be another. */
function age(at: string, toldAt: string): string {
  return time(Date.parse(toldAt) - Date.parse(at));
}

/** The two largest units. */
function time(ms: number): string {
  return ms < secondMs ? "0s" : prettyMs(Math.floor(ms / secondMs) * secondMs, { unitCount: 2 });
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(1)} %`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
