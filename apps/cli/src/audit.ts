import type { Config } from "@quire/core";
import { type AuditEntry, AuditLog, assertOwnerId } from "@quire/store";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { withInstallation } from "./installation.ts";

export interface AuditOptions {
  readonly owner?: string;
  readonly document?: string;
  readonly since?: Date;
  readonly json: boolean;
}

/** `quire audit`: who did what with which document, the oldest first. */
export async function audit(
  { owner, document, since, json }: AuditOptions,
  config: Config,
): Promise<ExitCode> {
  return withInstallation(config, async ({ database }) => {
    const entries = new AuditLog(database).entries({
      ownerId: owner === undefined ? undefined : assertOwnerId(owner),
      documentId: document === undefined ? undefined : assertOwnerId(document),
      since,
    });
    for await (const entry of entries)
      process.stdout.write(`${json ? JSON.stringify(entry) : describe(entry)}\n`);
    return exitCodes.read;
  });
}

const none = "-";

function describe({ at, action, actor, via, documentId, ownerId, requestId, figures }: AuditEntry): string {
  const counts = Object.entries(figures).map(([name, count]) => `${name}=${count}`);
  const fields = [at, action.padEnd(18), `by ${actor}`, `via ${via}`, `document ${documentId ?? none}`];
  return [...fields, `owner ${ownerId ?? none}`, `request ${requestId ?? none}`, ...counts].join("  ");
}
