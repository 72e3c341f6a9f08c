import assert from "node:assert/strict";
import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fromTop, processTree, runQuire, startQuire, untilGone } from "./quire.ts";

const folder = mkdtempSync(join(tmpdir(), "quire-service-test-"));
// As root, Postgres runs as another user, who must be able to enter.
chmodSync(folder, 0o711);
const env = {
  QUIRE_HOME: join(folder, "home"),
  TEMP_DIR: folder,
  DATABASE_URL: "",
  LOG_FORMAT: "json",
  PORT: "0",
};
let service: ChildProcess;
let log = "";
const heard = new Set<() => void>();

before(async () => {
  service = startQuire(["start"], env);
  for (const stream of [service.stdout, service.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      for (const look of heard) look();
    });
  }
  await untilLogged("worker starts");
});

after(async () => {
  if (service.exitCode === null) {
    service.kill("SIGTERM");
    await once(service, "close");
  }
  rmSync(folder, { recursive: true });
});

async function untilLogged(text: string, times = 1): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => {
      if (log.split(text).length <= times) return;
      heard.delete(look);
      resolve();
    };
    heard.add(look);
    look();
  });
}

const quire = (...args: string[]) => runQuire(args, env);
const sample = (name: string) => fromTop(`samples/${name}`);

test("documents are added, watched, listed and shown", async () => {
  const added = await quire(
    "add",
    sample("letter.pdf"),
    sample("mixed.pdf"),
    sample("letter.txt"),
    "--watch",
  );
  // The text file is refused by the worker, which is what the exit code says.
  assert.equal(added.code, 3);
  assert.match(added.stderr, /letter\.pdf: completed, 2 of 2 pages/);
  assert.match(added.stderr, /mixed\.pdf: completed, 4 of 4 pages/);
  assert.match(added.stderr, /letter\.txt: failed: unsupported_format/);
  const [letterId] = added.stdout.split(" ");

  const listed = await quire("list");
  assert.match(listed.stdout, /completed, 4 of 4 pages +mixed\.pdf/);
  assert.equal((await quire("list", "--status", "failed")).stdout.trim().split("\n").length, 1);

  const text = await quire("show", letterId?.slice(0, 8) ?? "", "--format", "text");
  assert.equal(text.code, 0);
  const word = readFileSync(sample("letter.txt"), "utf8")
    .split(/\s+/)
    .find((candidate) => candidate.length > 8);
  assert.ok(text.stdout.includes(word as string));
  const json = JSON.parse((await quire("show", letterId as string, "--format", "json")).stdout);
  assert.equal(json.document.name, "letter.pdf");
  assert.equal(json.pages.length, 2);

  const again = await quire("add", sample("letter.pdf"));
  assert.ok(again.stdout.startsWith(`${letterId}  letter.pdf  (there already`));
});

test("a document that cannot be found or added is said so in one line", async () => {
  const missing = await quire("show", "12345678");
  assert.deepEqual([missing.code, missing.stdout], [2, ""]);
  assert.match(missing.stderr, /^quire: document_not_found: .*\n$/);
  const unreadable = await quire("add", join(folder, "none.pdf"));
  assert.equal(unreadable.code, 3);
  assert.match(unreadable.stderr, /^quire: none\.pdf: file_unreadable: .*\n$/);
});

test("a second service on the same database is refused", async () => {
  const second = await quire("start");
  assert.equal(second.code, 2);
  assert.match(second.stderr, /already_running/);
  assert.equal((await quire("list")).code, 0);
});

test("kill -9 of the worker in the middle: the documents finish all the same", async () => {
  const starts = log.split("worker starts").length - 1;
  const watching = quire(
    "add",
    sample("report.tif"),
    sample("scan.pdf"),
    sample("fax.tif"),
    sample("mixed.pdf"),
    "--force",
    "--watch",
  );
  const claimed = log.split("document claimed").length;
  await untilLogged("document claimed", claimed + 1);
  const [worker] = processTree(service.pid as number)
    .slice(1)
    .filter(isWorker);
  process.kill(worker as number, "SIGKILL");
  await untilLogged("worker starts", starts + 1);
  const { code, stderr } = await watching;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /report\.tif: completed, 3 of 3 pages/);
  assert.match(log, /took over from a dead worker/);
});

test("when it is told to stop, nothing is left running", async () => {
  service.kill("SIGTERM");
  const [code] = await once(service, "close");
  assert.equal(code, 0);
  await untilGone(service);
  const { stdout } = spawnSync("ps", ["-axo", "args="], { encoding: "utf8" });
  assert.ok(!stdout.includes(folder), "something of it still runs");
  const afterwards = await quire("list");
  assert.equal(afterwards.code, 1);
  assert.match(afterwards.stderr, /npx quire start/);
});

function isWorker(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "args=", "-p", `${pid}`], { encoding: "utf8" });
  return /quire\.js worker/.test(stdout);
}
