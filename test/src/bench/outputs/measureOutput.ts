import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { processTreeBytes } from "@quire/memory";
import type { FileFormat } from "@quire/outputs";
import { workerEnvironment, workerFlags } from "@quire/worker";
import { TreeSampler } from "../treeSampler.ts";

const program = fileURLToPath(new URL("./makeOutput.js", import.meta.url));

export interface OutputRequest {
  readonly format: FileFormat;
  /** Holds the pages and no others. */
  readonly original: string;
  readonly pagesFile: string;
  readonly pageCount: number;
  readonly target: string;
}

/** What making one output took. */
export interface OutputRun extends Omit<OutputRequest, "original" | "pagesFile" | "target"> {
  readonly seconds: number;
  readonly outputBytes: number;
  /** Of all processes, an engine that is idle among them. */
  readonly peakBytes: number;
  /** Before it begins. */
  readonly idleBytes: number;
  readonly longestGapMs: number;
}

/** Makes an output in a process of its own, started as a service is, and watches that and all it starts, from when it begins. @throws Error */
export async function measureOutput(request: OutputRequest): Promise<OutputRun> {
  const { format, original, pagesFile, pageCount, target } = request;
  const args = [program, format, original, pagesFile, `${pageCount}`, target];
  const child = spawn(process.execPath, [...workerFlags, ...args], {
    env: { ...process.env, ...workerEnvironment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const killChild = () => child.kill("SIGKILL");
  process.on("exit", killChild);
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  const idleBytes = processTreeBytes(child.pid as number);
  const sampler = new TreeSampler(child.pid as number);
  const start = performance.now();
  child.stdin.on("error", () => {}).write("go\n");
  const [code] = await closed;
  const seconds = (performance.now() - start) / 1_000;
  const { peakBytes, longestGapMs } = sampler.stop();
  process.off("exit", killChild);
  if (code !== 0) throw new Error(`${format} of ${pageCount} pages could not be made: exit code ${code}`);
  const outputBytes = (await stat(target)).size;
  const run = { format, pageCount, seconds, outputBytes, idleBytes, longestGapMs };
  // What was over before it could be looked at took no more than there was.
  return { ...run, peakBytes: Math.max(idleBytes, peakBytes) };
}
