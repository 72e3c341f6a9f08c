import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, test } from "node:test";
import { loadConfig } from "@quire/core";
import { oomKillCount } from "@quire/memory";
import { type Claim, DiskFileStore, type FileStore } from "@quire/store";
import { Spool } from "./spool.ts";

const folder = mkdtempSync(join(tmpdir(), "quire-spool-test-"));
after(() => rmSync(folder, { recursive: true }));
const files = new DiskFileStore(join(folder, "files"));
const { limits } = loadConfig({ MAX_FILE_MB: "0.001" });
const options = { limits, signal: new AbortController().signal, onProgress: () => {} };

async function stored(content: string, facts: Partial<Claim> = {}): Promise<Claim> {
  const storageKey = `owner/${Math.random()}`;
  const { sizeBytes, sha256 } = await files.put(storageKey, Readable.from([Buffer.from(content)]));
  return { documentId: "document", number: 1, storageKey, sizeBytes, sha256, ...facts } as Claim;
}

test("a document is copied, and its copy removed", async () => {
  const spool = await Spool.create(join(folder, "copies"));
  const claim = await stored("content");
  const { path, sha256 } = await spool.fetch(claim, files, options);
  assert.equal(readFileSync(path, "utf8"), "content");
  assert.equal(sha256, claim.sha256);
  await spool.remove(claim);
  assert.ok(!existsSync(path));
  await spool.close();
  assert.deepEqual(readdirSync(join(folder, "copies")), []);
});

test("sizes are checked before and while copying, and what arrives is what was sent", async () => {
  const spool = await Spool.create(join(folder, "checks"));
  const refused = async (claim: Claim) =>
    assert.rejects(spool.fetch(claim, files, options), (error: Error & { code: string }) => {
      codes.push(error.code);
      return true;
    });
  const codes: string[] = [];
  await refused(await stored("x", { sizeBytes: 1001 }));
  await refused(await stored("x", { sizeBytes: 0 }));
  await refused(await stored("x".repeat(2000), { sizeBytes: 900 }));
  await refused(await stored("xyz", { sizeBytes: 2 }));
  await refused(await stored("xyz", { sha256: "0".repeat(64) }));
  await refused({ ...(await stored("x")), storageKey: "owner/none" } as Claim);
  assert.deepEqual(codes, [
    "file_too_large",
    "empty_file",
    "file_too_large",
    "file_changed",
    "file_changed",
    "file_missing",
  ]);
  await spool.close();
});

test("a file that is not of the size it should be is refused before its first byte", async () => {
  const spool = await Spool.create(join(folder, "sizes"));
  const unread: FileStore = {
    put: (...args) => files.put(...args),
    open: () => assert.fail("it was opened"),
    size: (key) => files.size(key),
    delete: (key) => files.delete(key),
  };
  for (const [claim, code] of [
    [await stored("x".repeat(2000), { sizeBytes: 900 }), "file_too_large"],
    [await stored("xyz", { sizeBytes: 2 }), "file_changed"],
  ] as const)
    await assert.rejects(spool.fetch(claim, unread, options), { code });
  await spool.close();
});

test("a folder that a cleaner took is made again; one that cannot be is this machine's trouble", async () => {
  const parent = join(folder, "cleaned");
  const spool = await Spool.create(parent);
  rmSync(parent, { recursive: true });
  await spool.fetch(await stored("content"), files, options);
  rmSync(parent, { recursive: true });
  writeFileSync(parent, "in the way");
  await assert.rejects(spool.fetch(await stored("content"), files, options), {
    code: "temp_dir_unavailable",
  });
  rmSync(parent);
});

test("only the folders of dead workers of this machine are given up", async () => {
  const parent = join(folder, "dead");
  const spool = await Spool.create(parent);
  const alive = await Spool.create(parent);
  const name = (id: string) => spool.workerId.replace(/[^-]+$/, id);
  const leave = (id: string, pid: string | null, prefix = "quire-worker-") => {
    const path = join(parent, prefix + id);
    mkdirSync(path);
    if (pid !== null) writeFileSync(join(path, "pid"), pid);
    return path;
  };
  const gone = spawn(process.execPath, ["-e", ""]);
  await once(gone, "exit");
  leave(name("gone"), `${gone.pid}`);
  leave(name("sameNumber"), `${process.pid}`);
  leave(name("running"), `${process.ppid}`);
  leave(name("beingMade"), null);
  utimesSync(leave(name("neverMade"), null), 0, 0);
  leave("elsewhere-1-abc", `${gone.pid}`);
  utimesSync(join(leave("elsewhere-1-silent", `${process.ppid}`), "pid"), 0, 0);
  leave(name("other"), `${gone.pid}`, "something-");

  const found = await spool.deadWorkers();
  const dead = found.map(({ workerId }) => workerId).sort();
  assert.deepEqual(dead, ["elsewhere-1-silent", name("gone"), name("neverMade"), name("sameNumber")]);
  for (const workerId of dead) await spool.removeFolder(workerId);
  assert.deepEqual(await spool.deadWorkers(), []);
  await Promise.all([spool.close(), alive.close()]);
});

test("a worker that somebody killed is told from one that died of itself or may have run out of memory", async () => {
  const parent = join(folder, "killed");
  const spool = await Spool.create(parent);
  const oomKills = oomKillCount();
  const leave = (id: string, note: string, ...files: string[]) => {
    const path = join(parent, `quire-worker-${spool.workerId.replace(/[^-]+$/, id)}`);
    mkdirSync(path);
    writeFileSync(join(path, "pid"), note);
    for (const file of files) writeFileSync(join(path, file), "");
  };
  leave("a", `${process.pid} ${oomKills}`);
  leave("b", `${process.pid} ${oomKills}`, "crashed");
  leave("c", `${process.pid} ${(oomKills ?? 0) - 1}`);
  leave("d", `${process.pid} `);
  const found = (await spool.deadWorkers()).map(({ workerId, killed }) => [workerId.at(-1), killed]).sort();
  assert.deepEqual(found, [
    ["a", oomKills !== null],
    ["b", false],
    ["c", false],
    ["d", false],
  ]);
  await spool.close();
});
