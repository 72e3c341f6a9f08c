import { type Config, QuireError } from "@quire/core";
import { assertOwnerId } from "@quire/store";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import { withInstallation } from "./installation.ts";

export interface ReprocessOptions {
  /** A version of the reader: what older ones read is to be read again. */
  readonly readerBefore?: number;
  readonly owner?: string;
  readonly limit?: number;
}

const defaultLimit = 100;
/** As many as are counted. */
const manyRemain = 10_000;

/** `quire reprocess`: runs OCR again on one document, or on those that an older reader read. */
export async function reprocess(
  idPrefix: string | undefined,
  { readerBefore, owner, limit }: ReprocessOptions,
  config: Config,
): Promise<ExitCode> {
  if ((idPrefix === undefined) === (readerBefore === undefined))
    throw new QuireError("invalid_request", "Give the id of a document, or --reader-before VERSION.");
  if (idPrefix !== undefined && (owner !== undefined || limit !== undefined))
    throw new QuireError("invalid_request", "--owner and --limit go with --reader-before.");
  const ownerId = owner === undefined ? null : assertOwnerId(owner);
  return withInstallation(config, async ({ documents }) => {
    if (idPrefix !== undefined) {
      await documents.reprocess(await documents.find(idPrefix));
      process.stdout.write("queued\n");
    } else if (readerBefore !== undefined) {
      const done = await documents.reprocessReadBefore(readerBefore, {
        ownerId,
        limit: limit ?? defaultLimit,
      });
      process.stdout.write(`${describe(done)}\n`);
    }
    return exitCodes.read;
  });
}

function describe({ queued, remaining }: { queued: number; remaining: number }): string {
  const remain = remaining < manyRemain ? `${remaining}` : `at least ${remaining}`;
  const full = queued === 0 && remaining > 0 ? ": the queue is half full, try again when it is shorter" : "";
  return `${queued} ${queued === 1 ? "document" : "documents"} queued, ${remain} remaining${full}`;
}
