import { processTreeBytes } from "@quire/memory";
import { Presets, SingleBar } from "cli-progress";

/** What a run shows of itself on standard error. */
export interface Progress {
  page(done: number): void;
  stop(): void;
}

/** Memory is read from /proc, a millisecond's work: not more than once in this time. */
const memoryEveryMs = 1_000;
/** Without a terminal a line now and then is enough. */
const lineEveryMs = 5_000;

/**
 * A bar on a terminal, plain lines otherwise; nothing if it is to be quiet, or if the text appears on that
 * terminal page by page and so shows the progress itself.
 */
export function showProgress(
  name: string,
  pages: number,
  shown: { readonly quiet: boolean; readonly textOnTerminal: boolean },
): Progress {
  const { isTTY } = process.stderr;
  if (shown.quiet || (isTTY && shown.textOnTerminal)) return { page() {}, stop() {} };
  const pace = new Pace(pages);
  return isTTY ? bar(name, pages, pace) : lines(name, pages, pace);
}

function bar(name: string, pages: number, pace: Pace): Progress {
  const format = `${name} {bar} page {value} of {total} · {rate} pages/min · {left} left · {memory}`;
  const single = new SingleBar(
    { format, hideCursor: true, clearOnComplete: true, stream: process.stderr },
    Presets.shades_classic,
  );
  single.start(pages, 0, pace.figures(0));
  // The terminal gets its cursor and its line wrapping back, also after Ctrl-C.
  const stop = () => single.stop();
  process.once("exit", stop);
  return {
    page: (done) => single.update(done, pace.figures(done)),
    stop() {
      process.off("exit", stop);
      stop();
    },
  };
}

function lines(name: string, pages: number, pace: Pace): Progress {
  let lastLine = performance.now();
  return {
    page(done) {
      if (performance.now() - lastLine < lineEveryMs) return;
      lastLine = performance.now();
      const { rate, left, memory } = pace.figures(done);
      process.stderr.write(`${name}: page ${done} of ${pages}, ${rate} pages/min, ${left} left, ${memory}\n`);
    },
    stop() {},
  };
}

/** How fast the pages come, and at what memory. */
class Pace {
  readonly #start = performance.now();
  readonly #pages: number;
  #memory = "";
  #memoryAt = Number.NEGATIVE_INFINITY;

  constructor(pages: number) {
    this.#pages = pages;
  }

  figures(done: number): { rate: string; left: string; memory: string } {
    const now = performance.now();
    if (now - this.#memoryAt >= memoryEveryMs) {
      this.#memoryAt = now;
      this.#memory = `${Math.round(processTreeBytes(process.pid) / 1_000_000)} MB`;
    }
    const minutes = (now - this.#start) / 60_000;
    const rate = done / minutes;
    const left = done === 0 ? "…" : seconds(((this.#pages - done) / rate) * 60);
    return { rate: done === 0 ? "…" : rate.toFixed(rate < 10 ? 1 : 0), left, memory: this.#memory };
  }
}

/** A duration for people: `45 s`, `3 min 20 s`. */
export function seconds(total: number): string {
  const whole = Math.round(total);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
