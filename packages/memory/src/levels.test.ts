import assert from "node:assert/strict";
import { test } from "node:test";
import { type MemoryLevel, memoryLevels, nextLevel } from "./levels.ts";

/** What becomes of each level at a share of the limit. Each watermark, and a step to either side of it. */
const transitions: [share: number, from: Record<MemoryLevel, MemoryLevel>][] = [
  [0, { normal: "normal", elevated: "normal", high: "normal", critical: "normal" }],
  [0.6499, { normal: "normal", elevated: "normal", high: "normal", critical: "normal" }],
  [0.65, { normal: "normal", elevated: "elevated", high: "elevated", critical: "elevated" }],
  [0.6999, { normal: "normal", elevated: "elevated", high: "elevated", critical: "elevated" }],
  [0.7, { normal: "elevated", elevated: "elevated", high: "elevated", critical: "elevated" }],
  [0.7999, { normal: "elevated", elevated: "elevated", high: "elevated", critical: "elevated" }],
  [0.8, { normal: "elevated", elevated: "elevated", high: "high", critical: "high" }],
  [0.8499, { normal: "elevated", elevated: "elevated", high: "high", critical: "high" }],
  [0.85, { normal: "high", elevated: "high", high: "high", critical: "high" }],
  [0.8999, { normal: "high", elevated: "high", high: "high", critical: "high" }],
  [0.9, { normal: "high", elevated: "high", high: "high", critical: "critical" }],
  [0.9499, { normal: "high", elevated: "high", high: "high", critical: "critical" }],
  [0.95, { normal: "critical", elevated: "critical", high: "critical", critical: "critical" }],
  [1.2, { normal: "critical", elevated: "critical", high: "critical", critical: "critical" }],
];

test("from every level, at every watermark, also over several levels at once", () => {
  for (const [share, from] of transitions)
    for (const level of memoryLevels)
      assert.equal(nextLevel(level, share), from[level], `${level} at ${share}`);
});

test("memory that swings around a watermark changes the level once each way", () => {
  let level: MemoryLevel = "normal";
  const levels = [0.69, 0.71, 0.68, 0.72, 0.66, 0.64, 0.66, 0.69].map((share) => {
    level = nextLevel(level, share);
    return level;
  });
  const elevated = Array<MemoryLevel>(4).fill("elevated");
  assert.deepEqual(levels, ["normal", ...elevated, "normal", "normal", "normal"]);
});
