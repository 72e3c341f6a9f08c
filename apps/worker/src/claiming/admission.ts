import { type Engine, engineBytes, engineCosts } from "@quire/engine";
import { freeBytes, type MemorySample } from "@quire/memory";

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
export function hasRoom(memory: MemorySample, { opening, engine }: Expected): boolean {
  const hasRead = engine.state === "running" && engine.figures;
  const neededBytes = (opening + 1) * engineCosts.document + (hasRead ? 0 : engineBytes(engine.threads));
  return neededBytes <= freeBytes(memory);
}
