import { describeError, type Logger } from "@quire/core/log";
import type { PgBoss } from "@quire/store";

const queue = "maintenance";

/** Something to be done now and then. */
export interface MaintenanceTask {
  /** When, as cron writes it (UTC). */
  readonly cron: string;
  /** @returns how many things it did something with */
  run(): Promise<number>;
}

/**
 * What is to be done now and then, by one worker of all: each task at its own minutes. The queue lets
 * one of a key wait and one run, so that a task overlaps neither itself nor its like on another worker. Finished
 * jobs are pg-boss's own to prune.
 */
export async function scheduleMaintenance(
  boss: PgBoss,
  tasks: Readonly<Record<string, MaintenanceTask>>,
  log: Logger,
): Promise<void> {
  for (const [key, { cron }] of Object.entries(tasks))
    await boss.schedule(queue, cron, { task: key }, { key, singletonKey: key });
  const options = { pollingIntervalSeconds: 10, localConcurrency: Object.keys(tasks).length };
  await boss.work<{ task: string }>(queue, options, async (jobs) => {
    for (const { data } of jobs) {
      try {
        const task = tasks[data.task];
        // Of another version's worker, which may know more.
        if (!task) continue;
        log.info({ task: data.task, count: await task.run() }, "maintenance done");
      } catch (error) {
        log.warn({ task: data.task, error: describeError(error) }, "maintenance failed");
      }
    }
  });
}
