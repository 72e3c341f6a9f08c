import assert from "node:assert/strict";
import { test } from "node:test";
import { engineCosts } from "@quire/engine";
import { runQuire } from "./quire.ts";
import { StartedService } from "./startedService.ts";

/** Nothing of the machine on which the tests run. */
const plain = { MEMORY_LIMIT_MB: "", OCR_THREADS: "", WORKER_CONCURRENCY: "", ENGINE_MAX_RSS_MB: "" };
const terminalWidth = 100;

const mebibyte = 1024 * 1024;
const base = engineCosts.base / mebibyte;
const thread = engineCosts.thread / mebibyte;
const document = engineCosts.document / mebibyte;

test("a plan shows its arithmetic, what to set, and the usual instances", async () => {
  const { code, stdout } = await runQuire(["plan", "--memory", "512", "--cpus", "0.5"], plain);
  assert.equal(code, 0);
  // 70 % of 512 MB is 358.4.
  const threads = Math.floor((358.4 - base) / thread);
  const fit = Math.floor((358.4 - base - thread) / document);
  const documents = Math.min(5, Math.max(2, fit));
  for (const line of [
    /^A worker with 512 MB \(1 MB = 1,048,576 bytes\) and 0\.5 processors$/,
    /^ {2}memory +512 MB +--memory; planned to stay below 70 %, 358 MB$/,
    /^ {2}largest raster +26\.8 MP +of a page: 0\.05 pixels a byte of memory = 26\.8; 12 to 40$/,
    /^ {4}largest sheet +A3 +read at 300 dpi/,
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
  const arithmetic = stdout.split("\n").map((line) => line.trim().replaceAll(/ +/g, " "));
  const atWork = base + thread + documents * document;
  for (const line of [
    `OCR threads 1 least of 0.5 processors and (358 - ${base}) / ${thread} = ${threads}; at least 1`,
    `documents ${documents} at once: (358 - ${base} - 1 × ${thread}) / ${document} = ${fit}; 2 to 5`,
    `at work ${atWork} MB ${base} + 1 × ${thread} + ${documents} × ${document}`,
  ])
    assert.ok(arithmetic.includes(line), `no line ${line} in\n${stdout}`);
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
    assert.ok(concurrency.total < 5);
  } finally {
    await service.remove();
  }
});
