/** How near the memory is to its limit. */
export const memoryLevels = ["normal", "elevated", "high", "critical"] as const;
export type MemoryLevel = (typeof memoryLevels)[number];

/**
 * From which share of the limit on a level holds, and below which it ends: without a gap between the two, a worker at
 * a watermark would change its mind every second.
 */
export const watermarks: Readonly<Record<Exclude<MemoryLevel, "normal">, { enter: number; leave: number }>> =
  {
    elevated: { enter: 0.7, leave: 0.65 },
    high: { enter: 0.85, leave: 0.8 },
    critical: { enter: 0.95, leave: 0.9 },
  };

/** What is free, in bytes, below the watermark at which an engine would be replaced: what is begun has to fit into it. */
export function freeBytes({ usedBytes, limitBytes }: { usedBytes: number; limitBytes: number }): number {
  return limitBytes * watermarks.high.enter - usedBytes;
}

/** A share of the limit for people: in percent, to one decimal. */
export function percentOf(share: number): number {
  return Math.round(share * 1000) / 10;
}

/** The level after `level` at this share of the limit. */
export function nextLevel(level: MemoryLevel, share: number): MemoryLevel {
  const rank = memoryLevels.indexOf(level);
  let next: MemoryLevel = "normal";
  for (const [index, name] of memoryLevels.entries()) {
    if (name === "normal") continue;
    const { enter, leave } = watermarks[name];
    if (share >= (index <= rank ? leave : enter)) next = name;
  }
  return next;
}
