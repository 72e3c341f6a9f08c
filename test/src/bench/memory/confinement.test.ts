import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fromTop } from "../../quire.ts";
import { type Confinement, confine, release } from "./confinement.ts";
import { mebibyte } from "./setting.ts";
import { WatchedTree } from "./watchedTree.ts";

const limitBytes = 96 * mebibyte;
const holdMemory = fromTop("packages/memory/dist/testing/holdMemory.js");

function hold(bytes: number, confinement: Confinement): ChildProcess {
  const child = spawn(...confinement.commandLine(process.execPath, [holdMemory, String(bytes)]), {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  confinement.watch(child.pid ?? null);
  return child;
}

function confineOrSkip(t: { skip(why: string): void }): Confinement | null {
  const confinement = confine({ memoryBytes: limitBytes, processors: 1 });
  if (confinement.kind.startsWith("cgroup")) return confinement;
  release(confinement);
  t.skip("no cgroup can be made here");
  return null;
}

test("what a process holds is counted, and it is gone with its cgroup", async (t) => {
  const confinement = confineOrSkip(t);
  if (!confinement) return;
  const child = hold(40 * mebibyte, confinement);
  await once(child, "message");
  const used = confinement.usedBytes();
  assert.ok(used > 40 * mebibyte && used < limitBytes, `${used} bytes`);
  assert.equal(confinement.kernelKills(), 0);
  const [, own] = /:memory:(.*)|^0::(.*)/m.exec(readFileSync(`/proc/${child.pid}/cgroup`, "utf8")) ?? [];
  const ended = once(child, "exit");
  release(confinement);
  assert.equal((await ended)[1], "SIGKILL");
  if (own !== undefined) assert.equal(existsSync(`/sys/fs/cgroup/memory${own}`), false);
});

test("whoever wants more than the limit is killed by the kernel, which is told", async (t) => {
  const confinement = confineOrSkip(t);
  if (!confinement) return;
  const child = hold(200 * mebibyte, confinement);
  const [, signal] = await once(child, "exit");
  assert.equal(signal, "SIGKILL");
  assert.equal(confinement.kernelKills(), 1);
  release(confinement);
});

test("where there is no cgroup, the processes are watched", async () => {
  const watched = new WatchedTree({ memoryBytes: limitBytes, processors: 1 });
  assert.equal(watched.usedBytes(), 0);
  assert.deepEqual(watched.env, { MEMORY_LIMIT_MB: "96" });
  const child = hold(40 * mebibyte, watched);
  await once(child, "message");
  assert.ok(watched.usedBytes() > 40 * mebibyte);
  const ended = once(child, "exit");
  watched.remove();
  assert.equal((await ended)[1], "SIGKILL");
});
