export { memoryBudgetBytes, processorCount } from "./budget.ts";
export { type Collection, collectGarbage } from "./collect.ts";
export { oomKillCount } from "./oomKills.ts";
export { processTree, processTreeBytes } from "./processTree.ts";
