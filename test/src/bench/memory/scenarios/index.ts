import type { Scenario } from "../scenario.ts";
import { hostilePages } from "./hostilePages.ts";
import { leakingEngine } from "./leakingEngine.ts";
import { longOnSmallHost, longTwice, twoLongAtOnce } from "./longDocuments.ts";
import { many } from "./manyDocuments.ts";
import { restarts } from "./restarts.ts";

/** Every scenario, in the order they are run. */
export const scenarios: readonly Scenario[] = [
  twoLongAtOnce,
  longTwice,
  many,
  hostilePages,
  leakingEngine,
  restarts,
  longOnSmallHost,
];
