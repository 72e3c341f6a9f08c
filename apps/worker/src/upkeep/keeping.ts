import type { RetentionConfig } from "@quire/core";
import {
  type Database,
  deleteDueFiles,
  eraseExpired,
  eraseOriginals,
  type FileStore,
  pruneAudit,
} from "@quire/store";
import type { MaintenanceTask } from "./maintenance.ts";

/** A task of an hour ends long before the next one, and before its job expires (15 minutes). */
const workAtMostMs = 10 * 60_000;
/** Of a minute: what a store that deletes 50 a second is through with before the next one. */
const filesAtMost = 3_000;

/**
 * What keeps documents no longer than they may be kept. A task whose setting is off is there all the same, for a worker
 * of other settings may have scheduled it.
 */
export function keepingTasks(
  { documentDays, originalDays, auditDays }: RetentionConfig,
  database: Database,
  files: FileStore,
): Record<string, MaintenanceTask> {
  return {
    delete_files: { cron: "* * * * *", run: () => deleteDueFiles(database, files, filesAtMost) },
    erase_expired: {
      cron: "7 * * * *",
      run: async () => (documentDays === null ? 0 : eraseExpired(database, documentDays, untilLate())),
    },
    erase_originals: {
      cron: "27 * * * *",
      run: async () => (originalDays === null ? 0 : eraseOriginals(database, originalDays, untilLate())),
    },
    prune_audit: {
      cron: "47 * * * *",
      run: async () => (auditDays === null ? 0 : pruneAudit(database, auditDays, untilLate())),
    },
  };
}

function untilLate(): () => boolean {
  const lateAt = performance.now() + workAtMostMs;
  return () => performance.now() < lateAt;
}
