import { type Engine, engineCosts } from "@quire/engine";
import { type MemorySample, watermarks } from "@quire/memory";

/** What has been taken on and does not weigh anything yet. */
export interface Expected {
  /** Documents of which no page has been read yet. */
  readonly opening: number;
  readonly engine: Pick<Engine, "state" | "threads" | "figures">;
}

/**
 * Whether another document fits: what it takes, beside what those claimed already and an engine that has not read yet
 * will still take, is free below the watermark at which the engine would be replaced.
 */
export function hasRoom({ usedBytes, limitBytes }: MemorySample, { opening, engine }: Expected): boolean {
  // The base is of client and engine together; the client is there.
  const engineBytes =
    engine.state === "running" && engine.figures
      ? 0
      : engineCosts.base / 2 + engine.threads * engineCosts.thread;
  const neededBytes = (opening + 1) * engineCosts.document + engineBytes;
  return usedBytes + neededBytes <= limitBytes * watermarks.high.enter;
}
