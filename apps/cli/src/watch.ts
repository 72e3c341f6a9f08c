import { setTimeout as delay } from "node:timers/promises";
import type { DocumentStatus } from "@quire/core";
import type { DocumentSummary, Documents } from "@quire/store";
import { MultiBar, Presets, type SingleBar } from "cli-progress";
import { type ExitCode, exitCodes, mostSerious } from "./exitCodes.ts";
import { countToCheck } from "./numbersToCheck.ts";
import { printable } from "./printable.ts";

const lookEveryMs = 500;
const atEnd: readonly DocumentStatus[] = ["completed", "partial", "failed", "cancelled"];

/** Shows documents until all are at their end: bars on a terminal, a line for each change otherwise. */
export async function watchDocuments(ids: readonly string[], documents: Documents): Promise<ExitCode> {
  const show = process.stderr.isTTY ? new Bars() : new Lines();
  const codes: ExitCode[] = [];
  const refused: DocumentSummary[] = [];
  let waiting = [...new Set(ids)];
  try {
    for (;;) {
      const summaries = await Promise.all(waiting.map((id) => documents.get(id)));
      for (const summary of summaries) {
        show.update(summary);
        if (!atEnd.includes(summary.status)) continue;
        codes.push(codeOf(summary));
        if (summary.errorCode !== null) refused.push(summary);
      }
      waiting = summaries.filter(({ status }) => !atEnd.includes(status)).map(({ id }) => id);
      if (waiting.length === 0) return mostSerious(codes);
      await delay(lookEveryMs);
    }
  } finally {
    show.stop();
    for (const { filename, errorCode, errorMessage } of refused)
      process.stderr.write(`quire: ${printable(filename)}: ${errorCode}: ${errorMessage}\n`);
  }
}

function codeOf({ status }: DocumentSummary): ExitCode {
  if (status === "completed") return exitCodes.read;
  return status === "partial" ? exitCodes.partial : exitCodes.refused;
}

/** A document's state, in words. */
export function standing(summary: DocumentSummary): string {
  const { status, pagesDone, pageCount, pagesFailed, uncertainNumbers, errorCode } = summary;
  const failed = pagesFailed > 0 ? `, ${pagesFailed} failed` : "";
  const pages = pageCount === null ? "" : `, ${pagesDone} of ${pageCount} pages${failed}`;
  const toCheck = uncertainNumbers ? `, ${countToCheck(uncertainNumbers)}` : "";
  return `${status}${pages}${toCheck}${errorCode === null ? "" : `: ${errorCode}`}`;
}

class Lines {
  readonly #last = new Map<string, string>();

  update(summary: DocumentSummary): void {
    const line = `${printable(summary.filename)}: ${standing(summary)}`;
    if (this.#last.get(summary.id) === line) return;
    this.#last.set(summary.id, line);
    process.stderr.write(`${line}\n`);
  }

  stop(): void {}
}

class Bars {
  readonly #bars = new Map<string, SingleBar>();
  readonly #multi = new MultiBar(
    { format: "{bar} {standing} · {filename}", hideCursor: true, stream: process.stderr, barsize: 20 },
    Presets.shades_classic,
  );
  readonly #stop = () => this.#multi.stop();

  constructor() {
    process.once("exit", this.#stop);
  }

  update(summary: DocumentSummary): void {
    const { id, filename, pageCount, pagesDone } = summary;
    const shown = { filename: printable(filename), standing: standing(summary) };
    const bar = this.#bars.get(id) ?? this.#multi.create(1, 0, shown);
    this.#bars.set(id, bar);
    bar.setTotal(pageCount ?? 1);
    bar.update(pagesDone, shown);
  }

  stop(): void {
    process.off("exit", this.#stop);
    this.#multi.stop();
  }
}
