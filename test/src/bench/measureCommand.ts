import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { processTree } from "@quire/memory";
import { TreeSampler, type TreeSamples } from "./treeSampler.ts";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Environment variables besides the benchmark's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** The exit codes that mean that it did its work. */
  readonly goodExitCodes: readonly number[];
}

export interface Measurement extends TreeSamples {
  /** From the start of the process to its end. */
  readonly wallSeconds: number;
  /** From the start of the process to the first and the last line on its standard output, null without any. */
  readonly firstLineSeconds: number | null;
  readonly lastLineSeconds: number | null;
}

export interface MeasuredCommand {
  readonly measurement: Measurement;
  readonly lines: readonly string[];
}

const stderrTailLength = 2_000;
/** Of a processor's time: what the watch takes the command does not get. */
const watchShare = 0.05;

/** Runs a command to its end and measures it from outside. @throws Error if it did not do its work */
export async function measureCommand(command: Command): Promise<MeasuredCommand> {
  const { program, args, env, input, goodExitCodes } = command;
  const start = performance.now();
  const secondsNow = () => (performance.now() - start) / 1000;
  const child = spawn(program, args, { env: { ...process.env, ...env } });
  await once(child, "spawn");
  const closed = once(child, "close");
  const pid = child.pid as number;
  const killTree = () => endTree(pid);
  process.on("exit", killTree);
  const sampler = new TreeSampler(pid, watchShare);

  let wallSeconds = 0;
  child.on("exit", () => {
    wallSeconds = secondsNow();
  });
  const lines: string[] = [];
  let firstLineSeconds: number | null = null;
  let lastLineSeconds: number | null = null;
  createInterface({ input: child.stdout }).on("line", (line) => {
    // Kept as they are: to parse them now would take time from the command that is measured.
    lines.push(line);
    lastLineSeconds = secondsNow();
    firstLineSeconds ??= lastLineSeconds;
  });
  let stderrTail = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderrTail = (stderrTail + text).slice(-stderrTailLength);
  });
  // A command that ends before it has read its input is judged by its exit code.
  child.stdin.on("error", () => {}).end(input);

  const [code, signal] = (await closed) as [number | null, NodeJS.Signals | null];
  process.off("exit", killTree);
  const samples = sampler.stop();
  if (code === null || !goodExitCodes.includes(code)) {
    throw new Error(`${program} ended with ${code ?? signal}: ${stderrTail.trim()}`);
  }
  return { measurement: { ...samples, wallSeconds, firstLineSeconds, lastLineSeconds }, lines };
}

/** Kills a process and its descendants: none may outlive the benchmark. */
function endTree(rootPid: number): void {
  for (const pid of processTree(rootPid)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}
