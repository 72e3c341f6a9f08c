/** Where a page under way is: `sent` to the engine, or in one of the stages the engine has told of. */
export type PageStage = "sent" | "rendering" | "waiting" | "recognising";

/** A page, or the opening of a document, that the engine is at work on. */
export interface Timed {
  stage: PageStage;
  elapsedMs: number;
}

/** A tick longer than this was not the engine's: this process stood still (a suspended laptop, a debugger). */
const longestTickMs = 2_000;

/**
 * Advances the time of all work under way and returns what has used up its time.
 *
 * Rendering blocks the engine's main thread, also that of samples to choose languages by: while one page renders, no
 * other can be heard of, and only its time runs. Otherwise the time of recognising pages runs, and of the one that was
 * sent first of those that the engine has not reacted to. Waiting for other pages costs nothing: where all wait, none of
 * them is to blame, and whoever watches the progress of the engine has to kill it.
 */
export function advance<T extends Timed>(
  underWay: Iterable<T>,
  tickMs: number,
  timeoutMs: number,
): T | undefined {
  const all = [...underWay];
  const rendering = all.filter(({ stage }) => stage === "rendering");
  const oldestSent = all.find(({ stage }) => stage === "sent");
  const running =
    rendering.length > 0
      ? rendering
      : all.filter((item) => item.stage === "recognising" || item === oldestSent);
  for (const item of running) item.elapsedMs += Math.min(tickMs, longestTickMs);
  return running.find(({ elapsedMs }) => elapsedMs >= timeoutMs);
}
