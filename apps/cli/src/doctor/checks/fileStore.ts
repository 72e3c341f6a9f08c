import { randomBytes, randomUUID } from "node:crypto";
import { statfs } from "node:fs/promises";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { areFilesAtSupabase, filesFolder } from "@quire/store";
import { type Check, failure, ok, warning } from "../check.ts";

const probeBytes = 4_096;
/** Whose folder the probe lies in: nobody's. */
const nobody = "00000000-0000-0000-0000-000000000000";
/** So many of the largest documents are to have room. */
const documentsOfRoom = 20;
const megabyte = 1_000_000;

/** Stores a file, reads it back and removes it: whatever the store is. */
export const fileStore: Check = {
  name: "files",
  withinSeconds: 40,
  after: "migrations",
  async run(context) {
    const { config } = context;
    const files = await context.files();
    await files.assertOurs();
    const key = `${nobody}/doctor-${randomUUID()}`;
    const content = randomBytes(probeBytes);
    try {
      await files.put(key, Readable.from([content]));
      if (!content.equals(await buffer(await files.open(key))))
        return failure(
          "A file came back as another.",
          "Check the disk, or the service, that holds the files.",
        );
    } finally {
      await files.delete(key);
    }
    if (areFilesAtSupabase(config)) return ok("At Supabase: stored, read and removed.");
    const { bavail, bsize } = await statfs(filesFolder(config));
    const found = `In a folder: stored, read and removed; ${Math.round((bavail * bsize) / megabyte)} MB are free.`;
    return bavail * bsize >= documentsOfRoom * config.limits.maxFileBytes
      ? ok(found)
      : warning(found, "Make room on the disk of FILE_STORE_DIR.");
  },
};
