import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { workerEnvironment, workerFlags } from "@quire/worker";
import { fromTop } from "../quire.ts";
import { openStorageProject, type StorageProject } from "./project.ts";
import type { Fault } from "./storage/faults.ts";

const sizeBytes = 50_000_000;
/** What the issue allows a file of 50 MB to add. */
const mostAddedBytes = 20_000_000;

let project: StorageProject;
before(async () => {
  project = await openStorageProject();
});
after(() => project.close());

async function transfer(task: string, bucket: string): Promise<{ addedBytes: number; sha256: string }> {
  const { url, serviceRoleKey } = project;
  const address = JSON.stringify({ url, serviceRoleKey, bucket });
  const script = fromTop("test/dist/supabase/transferProcess.js");
  const args = [...workerFlags, "--expose-gc", script, task, address, `${sizeBytes}`];
  const env = { ...process.env, ...workerEnvironment };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout);
}

const slow: Fault = { pauseMsEachChunk: 3 };
const skip = process.platform !== "linux" && "the kernel's count of anonymous memory is Linux's";

test("50 MB go in and out within 20 MB, also where one side is slow", { skip }, async (context) => {
  const bucket = await project.makeBucket();
  context.after(bucket.remove);
  const faults = project.standIn?.storage.faults;
  const runs: [string, Fault?, string?][] = [
    ["put"],
    ["read"],
    ["read slowly"],
    ["put", slow, "POST"],
    ["read", slow, "GET"],
  ];
  const sums = new Set<string>();
  for (const [task, fault, method] of runs) {
    faults?.clear();
    if (fault) faults?.plan(`${method} /object/${bucket.name}/large` as "GET /", fault);
    const { addedBytes, sha256 } = await transfer(task, bucket.name);
    const speed = fault ? "slow Storage" : "Storage";
    context.diagnostic(`${task}, ${speed}: ${(addedBytes / 1e6).toFixed(1)} MB more`);
    assert.ok(addedBytes <= mostAddedBytes, `${task}, ${speed}: ${addedBytes} bytes`);
    sums.add(sha256);
  }
  assert.equal(sums.size, 1);
});
