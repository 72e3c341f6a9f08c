import assert from "node:assert/strict";
import { test } from "node:test";
import { runQuire } from "./quire.ts";
import { StartedService } from "./startedService.ts";

/** Nothing of the machine on which the tests run. */
const plain = { MEMORY_LIMIT_MB: "", OCR_THREADS: "", WORKER_CONCURRENCY: "", ENGINE_MAX_RSS_MB: "" };
const terminalWidth = 100;

test("a plan shows its arithmetic, what to set, and the usual instances", async () => {
  const { code, stdout } = await runQuire(["plan", "--memory", "512", "--cpus", "0.5"], plain);
  assert.equal(code, 0);
  for (const line of [
    /^A worker with 512 MB \(1 MB = 1,048,576 bytes\) and 0\.5 processors$/,
    /^ {2}memory +512 MB +--memory; planned to stay below 70 %, 358 MB$/,
    /^ {2}OCR threads +1 +least of 0\.5 processors and \(358 - 150\) \/ 65 = 3; at least 1$/,
    /^ {2}documents +5 +at once: \(358 - 150 - 1 × 65\) \/ 24 = 5; 2 to 5$/,
    /^ {4}at work +335 MB +150 \+ 1 × 65 \+ 5 × 24$/,
    /^ {2}largest raster +26\.8 MP +of a page: 0\.05 pixels a byte of memory = 26\.8; 12 to 40$/,
    /^ {4}largest sheet +A2 /,
    /^ {2}engine heap +256 MB /,
    /^ {2}high +435 MB +85 %: .*; ends below 410$/,
    /^ {2}engine +after 500 pages, or as memory fills up$/,
    /^ {2}worker +after 100 documents or 12 hours \(±10 %\), not before 30 minutes; exit code 0$/,
    /^ {2}MEMORY_LIMIT_MB=512$/,
    /^ {2}OCR_THREADS=1$/,
    /^ +512 MB, 0\.5 CPU +2 GB, 1 CPU +4 GB, 2 CPU$/,
    /^ {2}OCR threads +1 +1 +2$/,
  ])
    assert.ok(
      stdout.split("\n").some((text) => line.test(text)),
      `no line ${line} in\n${stdout}`,
    );
  assert.doesNotMatch(stdout, /Warning/);
});

for (const args of [
  [],
  ["--memory", "128", "--cpus", "0.5"],
  ["--memory", "256", "--cpus", "0.5"],
  ["--memory", "64GB", "--cpus", "16"],
]) {
  test(`a plan fits a terminal: ${args.join(" ") || "this machine"}`, async () => {
    const { code, stdout } = await runQuire(["plan", ...args], plain);
    assert.equal(code, 0);
    for (const line of stdout.split("\n")) assert.ok(line.length <= terminalWidth, line);
  });
}

test("what a plan cannot be made for is refused", async () => {
  for (const args of [
    ["--memory", "lots"],
    ["--memory", "32"],
    ["--cpus", "0"],
  ]) {
    const { code, stderr } = await runQuire(["plan", ...args], plain);
    assert.equal(code, 2);
    assert.match(stderr, /must be/);
  }
});

test("MEMORY_LIMIT_MB holds where it is lower", async () => {
  const planned = async (limit: string) => {
    const { stdout } = await runQuire(["plan", "--memory", "512"], { ...plain, MEMORY_LIMIT_MB: limit });
    return /^ {2}memory.*/m.exec(stdout)?.[0] ?? "";
  };
  assert.match(await planned("400"), /400 MB +MEMORY_LIMIT_MB;/);
  assert.match(await planned("600"), /512 MB +--memory;/);
});

test("a worker starts with what the plan says", async () => {
  const service = await StartedService.start({ ...plain, MEMORY_LIMIT_MB: "400" });
  try {
    const { plan } = JSON.parse((await service.quire("plan", "--json")).stdout);
    const line = service.log.split("\n").find((candidate) => candidate.includes("worker starts"));
    const { threads, concurrency } = JSON.parse(line as string);
    assert.equal(threads, plan.threads.count);
    assert.deepEqual(concurrency, { total: plan.documents.total, lanes: plan.documents.lanes });
    // Neither is what this machine or an empty environment would give.
    assert.equal(concurrency.total, 2);
  } finally {
    await service.remove();
  }
});
