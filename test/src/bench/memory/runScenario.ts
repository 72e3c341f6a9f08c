import { join } from "node:path";
import type { TestCluster } from "@quire/store/testing";
import type { Scenario, ScenarioRun, Sources } from "./scenario.ts";
import type { Setting } from "./setting.ts";
import { Stage } from "./stage.ts";

export interface ScenarioRequest {
  readonly scenario: Scenario;
  readonly setting: Setting;
  readonly cluster: TestCluster;
  readonly sources: Sources;
  /** Where raw samples and logs are kept. */
  readonly folder: string;
}

/** Runs one scenario in one setting, on a stage of its own. @throws Error if it does not come to its end */
export async function runScenario(request: ScenarioRequest): Promise<ScenarioRun> {
  const { scenario, setting, cluster, sources } = request;
  const limits = scenario.limits?.(setting) ?? setting.limits;
  const paths = (await scenario.prepare?.(sources)) ?? [];
  const stage = await Stage.open({
    url: await cluster.createDatabase(),
    folder: join(request.folder, `${setting.name}-${scenario.name}`),
    limits,
    threads: scenario.threads ?? setting.threads,
    worker: scenario.worker,
    env: scenario.env ?? {},
    minutesAtMost: scenario.minutesAtMost,
  });
  try {
    const findings = await scenario.run(stage, paths, sources.quick);
    const watched = await stage.finish();
    return { ...watched, scenario, setting, limitBytes: limits.memoryBytes, findings };
  } finally {
    await stage.close();
  }
}
