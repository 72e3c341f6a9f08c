export { availableResources, memoryBudgetBytes, type Resources } from "./budget.ts";
export { type CgroupLimit, cgroupMemoryLimit } from "./cgroup.ts";
export { type Collection, collectGarbage } from "./collect.ts";
export { type HeapFigures, heapFigures } from "./heap.ts";
export { type MemoryLevel, memoryLevels, nextLevel, watermarks } from "./levels.ts";
export { MemoryMonitor, type MemorySample } from "./monitor.ts";
export { oomKillCount } from "./oomKills.ts";
export { processTree, processTreeBytes } from "./processTree.ts";
export { cgroupBytes, MemoryGauge, type MemoryReading } from "./unreclaimable.ts";
