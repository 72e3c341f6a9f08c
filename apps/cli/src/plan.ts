import { availableParallelism } from "node:os";
import type { Config } from "@quire/core";
import { availableResources, cgroupMemoryLimit, type Resources } from "@quire/memory";
import { planFor } from "@quire/worker";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { describeTable } from "./planTable.ts";
import { describePlan, type Origins } from "./planText.ts";

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;

/** What the table compares. The first two are what Render calls starter and standard. */
const instances = [
  { name: "512 MB, 0.5 CPU", budgetBytes: 512 * mebibyte, processors: 0.5 },
  { name: "2 GB, 1 CPU", budgetBytes: 2 * gibibyte, processors: 1 },
  { name: "4 GB, 2 CPU", budgetBytes: 4 * gibibyte, processors: 2 },
] as const;

export interface PlanOptions {
  readonly memory?: number;
  readonly cpus?: number;
  readonly json: boolean;
}

/** `quire plan`: what a worker would run with on an instance, why, and how to make sure of it. */
export function plan(options: PlanOptions, config: Config): ExitCode {
  const resources = resourcesOf(options, config);
  const planned = planFor(config, resources);
  const table = instances.map(({ name, ...instance }) => ({ name, plan: planFor(config, instance) }));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ plan: planned, instances: table }, null, 2)}\n`
      : `${describePlan(planned, config, originsOf(options, config, resources))}\n${describeTable(table)}`,
  );
  return exitCodes.read;
}

/** As a worker would find them there: MEMORY_LIMIT_MB holds where it is lower. */
function resourcesOf({ memory, cpus }: PlanOptions, config: Config): Resources {
  const here = availableResources(config.memoryLimitBytes);
  return {
    budgetBytes:
      memory === undefined
        ? here.budgetBytes
        : Math.min(memory, config.memoryLimitBytes ?? Number.POSITIVE_INFINITY),
    processors: cpus ?? here.processors,
  };
}

function originsOf(
  { memory, cpus }: PlanOptions,
  config: Config,
  { budgetBytes, processors }: Resources,
): Origins {
  const cgroup = cgroupMemoryLimit();
  let budget = "the machine's memory";
  if (budgetBytes === config.memoryLimitBytes) budget = "MEMORY_LIMIT_MB";
  else if (memory !== undefined) budget = "--memory";
  else if (budgetBytes === cgroup?.limitBytes) budget = `the limit of the cgroup (${cgroup.version})`;
  let by = "--cpus";
  if (cpus === undefined)
    by = processors < availableParallelism() ? "by the quota of the cgroup" : "of this machine";
  return { budget, processors: by };
}
