import { randomUUID } from "node:crypto";
import { rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { availableResources } from "@quire/memory";
import { planFor } from "@quire/worker";
import { type Check, failure, ok, warning } from "../check.ts";

const megabyte = 1_000_000;

/** Whether copies of as many documents as a worker reads at once have room in it. */
export const temporaryFolder: Check = {
  name: "temporary folder",
  withinSeconds: 10,
  async run({ config, tempDir }) {
    const probe = join(tempDir, `quire-doctor-${randomUUID()}`);
    try {
      await writeFile(probe, "", { flag: "wx", mode: 0o600 });
      await rm(probe);
    } catch {
      return failure("It cannot be written.", "Set TEMP_DIR to a folder that exists and may be written to.");
    }
    const { bavail, bsize } = await statfs(tempDir);
    const freeBytes = bavail * bsize;
    const { documents } = planFor(config, availableResources(config.memoryLimitBytes));
    const neededBytes = documents.total * config.limits.maxFileBytes;
    const found = `${Math.round(freeBytes / megabyte)} MB are free; ${documents.total} of the largest documents take ${neededBytes / megabyte} MB.`;
    return freeBytes >= neededBytes
      ? ok(found)
      : warning(
          found,
          "Make room, set TEMP_DIR to a larger disk, or lower WORKER_CONCURRENCY or MAX_FILE_MB.",
        );
  },
};
