import { availableResources, cgroupMemoryLimit } from "@quire/memory";
import { planFor } from "@quire/worker";
import { type Check, ok, warning } from "../check.ts";

const mebibyte = 1024 * 1024;

/** What a worker would find here, and whether it is enough. */
export const memory: Check = {
  name: "memory",
  withinSeconds: 5,
  run({ config }) {
    const resources = availableResources(config.memoryLimitBytes);
    const { budgetBytes, processors } = resources;
    const cgroup = cgroupMemoryLimit();
    const origin =
      budgetBytes === config.memoryLimitBytes
        ? "MEMORY_LIMIT_MB"
        : budgetBytes === cgroup?.limitBytes
          ? `the cgroup's limit, ${cgroup.version}`
          : "the machine's; no cgroup limits it";
    const plan = planFor(config, resources);
    const { threads, documents } = plan;
    const found =
      `${Math.round(budgetBytes / mebibyte)} MiB (${origin}), ${Number(processors.toFixed(2))} processors: ` +
      `${threads.count} OCR threads, ${documents.total} documents at once.`;
    return plan.warnings.length === 0 ? ok(found) : warning(found, plan.warnings.join(" "));
  },
};
