import { type ChildProcess, spawn } from "node:child_process";
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

/** Starts the `quire` command as a person's shell would. */
export function startQuire(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [fromTop("apps/cli/bin/quire.js"), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs the `quire` command to its end. */
export async function runQuire(args: readonly string[], env: Record<string, string> = {}): Promise<Ending> {
  const child = startQuire(args, env);
  if (!child.stdout || !child.stderr) throw new Error("no pipes");
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: code as number | null, stdout, stderr };
}

/** The processes that a started command has started, by their ids. */
export { processTree } from "@quire/memory";
