import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const top = new URL("../../", import.meta.url);

/** A file of the repository, by its path from the top. */
export function fromTop(path: string): string {
  return fileURLToPath(new URL(path, top));
}

export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the `quire` command as a person's shell would: with a process group of its own. */
export function startQuire(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [fromTop("apps/cli/bin/quire.js"), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

/** Far longer than a killed process takes to go, on the busiest machine. */
const goneWithinMs = 20_000;

/**
 * Resolves when a command and all that it started are gone.
 *
 * @throws Error if something is left behind
 */
export async function untilGone({ pid }: ChildProcess): Promise<void> {
  const deadline = performance.now() + goneWithinMs;
  while (groupIsRunning(pid as number)) {
    if (performance.now() > deadline) throw new Error("the command left a process behind");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Whether a process of this group runs; those that only wait to be reaped do not. */
function groupIsRunning(group: number): boolean {
  const { stdout } = spawnSync("ps", ["-axo", "pgid=,stat="], { encoding: "utf8" });
  return stdout.split("\n").some((row) => {
    const [pgid, stat = ""] = row.trim().split(/\s+/);
    return Number(pgid) === group && !stat.startsWith("Z");
  });
}

/** Runs the `quire` command to its end, which leaves nothing running. */
export async function runQuire(args: readonly string[], env: Record<string, string> = {}): Promise<Ending> {
  const child = startQuire(args, env);
  if (!child.stdout || !child.stderr) throw new Error("no pipes");
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  await untilGone(child);
  return { code: code as number | null, stdout, stderr };
}

/** The processes that a started command has started, by their ids. */
export { processTree } from "@quire/memory";
