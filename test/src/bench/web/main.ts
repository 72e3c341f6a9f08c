/**
 * The web process under load: so many clients watch documents being read, so many upload, and one asks for a document
 * all the time. Prints its memory and how long it took to answer.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { getPriority, setPriority } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { DiskFileStore } from "@quire/store";
import { freePort } from "@quire/store/testing";
import { workerEnvironment, workerFlags } from "@quire/worker";
import { fromTop } from "../../quire.ts";
import { Installation } from "../../worker/installation.ts";
import { percentile } from "../memory/percentile.ts";
import { printBars } from "../printBars.ts";
import { TreeSampler } from "../treeSampler.ts";
import { Prober } from "./prober.ts";
import { Uploaders } from "./uploaders.ts";
import { Watchers } from "./watchers.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    watchers: { type: "string", default: "200" },
    uploads: { type: "string", default: "20" },
  },
});
const documents = 40;
const uploadBytes = 10_000_000;
/** With two OCR threads ten pages a second: what ten workers read. */
const pageMs = 200;
const pagesEach = 1_000;
/** Steps of `nice` by which the clients give way: one gets about a tenth of what the server gets at the same time. */
const clientsNicer = 10;
const bars = { answerMs: 100 };

const installation = await Installation.open();
await new DiskFileStore(installation.filesFolder, await installation.documents.installationId()).create();
const port = await freePort();
const web = spawn(process.execPath, [...workerFlags, fromTop("apps/cli/bin/quire.js"), "web"], {
  env: {
    ...process.env,
    ...workerEnvironment,
    DATABASE_URL: installation.url,
    FILE_STORE_DIR: installation.filesFolder,
    QUIRE_HOME: installation.folder,
    PORT: `${port}`,
    LOG_FORMAT: "json",
  },
  stdio: ["ignore", "pipe", "inherit"],
});
process.on("exit", () => web.kill("SIGKILL"));
for await (const line of createInterface({ input: web.stdout }))
  if (line.includes("web server listens")) break;
web.stdout.resume();
const url = `http://127.0.0.1:${port}`;
const idle = new TreeSampler(web.pid as number);
await delay(1_000);
const idleBytes = idle.stop().peakBytes;

const ids: string[] = [];
for (let count = 0; count < documents; count++)
  ids.push(await installation.addFake({ pages: pagesEach, pageMs }));
const host = installation.host("reader", { MAX_PAGES: `${pagesEach}` });
host.start();

const prober = new Prober(ids.map((id) => `${url}/api/documents/${id}`));
// Whoever uploads and watches has a machine of its own elsewhere; here that is what the server leaves of this one. Of
// this thread only: the one that asks keeps its place.
setPriority(getPriority() + clientsNicer);

const sampler = new TreeSampler(web.pid as number);
const watchers = new Watchers();
for (let count = 0; count < Number(values.watchers); count++)
  watchers.watch(`${url}/api/documents/${ids[count % ids.length]}/events`);
const uploaders = new Uploaders(url, uploadBytes);
const uploading = Array.from({ length: Number(values.uploads) }, () => uploaders.run());

await delay(Number(values.seconds) * 1000);
const { tookMs, refused: wrong } = await prober.stop();
uploaders.stop();
await Promise.all(uploading);
watchers.stop();
const { peakBytes, cpuSeconds } = sampler.stop();
const pages = (await Promise.all(ids.map((id) => installation.documents.get(id)))).reduce(
  (sum, { pagesDone }) => sum + pagesDone,
  0,
);
const ended = once(web, "exit");
web.kill("SIGTERM");
await ended;
await installation.close();

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(0);
const { events, opened, refused } = watchers.figures;
const { done, bytes, failures } = uploaders.figures;
console.log(
  `web process   ${megabytes(idleBytes)} MB at rest, peak ${megabytes(peakBytes)} MB (PSS), ${cpuSeconds?.toFixed(1)} s of processor time`,
);
console.log(
  `watchers      ${values.watchers}: ${opened} streams opened, ${refused} refused, ${events} events`,
);
console.log(
  `uploads       ${values.uploads} at once: ${done} of ${megabytes(uploadBytes)} MB, ${megabytes(bytes)} MB in all, ${failures.length} failed`,
);
for (const failure of new Set(failures)) console.log(`  ${failure}`);
console.log(`pages read    ${pages} meanwhile`);
const p50Ms = percentile(tookMs, 0.5);
const p99Ms = percentile(tookMs, 0.99);
console.log(
  `GET document  ${tookMs.length} answers: p50 ${p50Ms?.toFixed(1)} ms, p99 ${p99Ms?.toFixed(1)} ms`,
);
printBars([
  { what: "GET document, p99", unit: "ms", kind: "at most", limit: bars.answerMs, measured: p99Ms },
  { what: "answers other than 200", unit: "", kind: "at most", limit: 0, measured: wrong.length },
  { what: "uploads that failed", unit: "", kind: "at most", limit: 0, measured: failures.length },
]);
