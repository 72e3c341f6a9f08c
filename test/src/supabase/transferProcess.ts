/**
 * Puts a file into Storage or takes it out, and tells how much memory that took at its peak, in bytes above what there
 * was after a small file had gone both ways. Arguments: what to do, the bucket's address and the size in bytes.
 */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { unreclaimableBytes } from "@quire/memory";
import { type BucketAddress, SupabaseFileStore } from "@quire/store/supabase";

const [task = "", addressJson = "", size = ""] = process.argv.slice(2);
const address = JSON.parse(addressJson) as BucketAddress;
const sizeBytes = Number(size);
const store = new SupabaseFileStore(address);
const chunkBytes = 256 * 1024;

/** Chunks of their own, as they come from a disk or a socket. */
async function* contentOf(totalBytes: number) {
  for (let bytes = 0; bytes < totalBytes; bytes += chunkBytes)
    yield Buffer.alloc(Math.min(chunkBytes, totalBytes - bytes), bytes % 251);
}

async function read(key: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of await store.open(key)) {
    hash.update(chunk);
    // A reader that is slow: each chunk goes to a disk.
    if (task === "read slowly") await delay(2);
  }
  return hash.digest("hex");
}

// What both ways load stays loaded, and is not the file's; what they leave behind is collected, and given back.
await store.put("warm/up", contentOf(1_200_000));
await read("warm/up");
for (let round = 0; round < 3; round++) {
  globalThis.gc?.();
  await delay(50);
}
const before = unreclaimableBytes(process.pid);
let peak = before;
const look = () => {
  peak = Math.max(peak, unreclaimableBytes(process.pid));
};
const timer = setInterval(look, 5);
const sha256 =
  task === "put" ? (await store.put("large/file", contentOf(sizeBytes))).sha256 : await read("large/file");
look();
clearInterval(timer);
process.stdout.write(JSON.stringify({ addedBytes: peak - before, beforeBytes: before, sha256 }));
