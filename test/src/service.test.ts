import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fromTop } from "./quire.ts";
import { StartedService } from "./startedService.ts";

let service: StartedService;

before(async () => {
  service = await StartedService.start();
});
after(() => service.remove());

const quire = (...args: string[]) => service.quire(...args);
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

  const file = join(service.folder, "letter-out.pdf");
  const pdf = await quire("show", letterId as string, "--format", "pdf", "--output", file);
  assert.deepEqual([pdf.code, pdf.stdout], [0, ""], pdf.stderr);
  const kept = readFileSync(file);
  assert.ok(kept.subarray(0, 1_000).equals(readFileSync(sample("letter.pdf")).subarray(0, 1_000)));
  const part = await fetch(`${service.url}/api/documents/${letterId}/pdf`, {
    headers: { Range: "bytes=-9" },
  });
  assert.deepEqual([part.status, Buffer.from(await part.arrayBuffer())], [206, kept.subarray(-9)]);
  const alto = await quire("show", letterId as string, "--format", "alto");
  assert.match(alto.stdout, /<alto [\s\S]*<\/alto>\s*$/);

  const again = await quire("add", sample("letter.pdf"));
  assert.ok(again.stdout.startsWith(`${letterId}  letter.pdf  (there already`));
});

test("a document that cannot be found or added is said so in one line", async () => {
  const missing = await quire("show", "12345678");
  assert.deepEqual([missing.code, missing.stdout], [2, ""]);
  assert.match(missing.stderr, /^quire: document_not_found: .*\n$/);
  const unreadable = await quire("add", join(service.folder, "none.pdf"));
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
  const watching = quire(
    "add",
    sample("report.tif"),
    sample("scan.pdf"),
    sample("fax.tif"),
    sample("mixed.pdf"),
    "--force",
    "--watch",
  );
  await service.untilLogged("document claimed", service.logged("document claimed") + 2);
  await service.kill("worker");
  const { code, stderr } = await watching;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /report\.tif: completed, 3 of 3 pages/);
  assert.match(service.log, /took over from a dead worker/);
});

test("when it is told to stop, nothing is left running", async () => {
  assert.equal(await service.stop(), 0);
  const { stdout } = spawnSync("ps", ["-axo", "args="], { encoding: "utf8" });
  assert.ok(!stdout.includes(service.folder), "something of it still runs");
  const afterwards = await quire("list");
  assert.equal(afterwards.code, 1);
  assert.match(afterwards.stderr, /npx quire start/);
});
