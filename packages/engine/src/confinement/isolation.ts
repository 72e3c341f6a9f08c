import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Of util-linux. */
const unshare = ["/usr/bin/unshare", "/bin/unshare"];
/** It takes milliseconds; a machine on which it hangs goes without. */
const probeWithinMs = 5_000;

/**
 * What the kernel keeps from the engine process, machine code included. `network`: it has no network, not even
 * loopback. `user`: besides, it may not look into other processes, such as their environment.
 */
export type Isolation = "user" | "network" | "none";

/** Options of unshare(1) for each. */
const namespaces: Record<Exclude<Isolation, "none">, readonly string[]> = {
  user: ["--user", "--map-current-user", "--net"],
  network: ["--net"],
};

const probed = new Map<Isolation, boolean>();

/**
 * The most that this machine allows: many containers allow none of it.
 *
 * @param ownFilesOnly whether what the engine reads belongs to this process's user. If not, root keeps its right to
 *   read other people's files, which it would not have in a user namespace.
 */
export function isolationOf(ownFilesOnly: boolean): Isolation {
  const wanted: Isolation[] = ownFilesOnly || process.getuid?.() !== 0 ? ["user", "network"] : ["network"];
  return wanted.find(isPossible) ?? "none";
}

/** The program to start, and what comes before its arguments. */
export function isolated(isolation: Isolation): { readonly execPath: string; readonly before: string[] } {
  const program = unshare.find((path) => existsSync(path));
  if (isolation === "none" || program === undefined) return { execPath: process.execPath, before: [] };
  return { execPath: program, before: [...namespaces[isolation], "--", process.execPath] };
}

function isPossible(isolation: Isolation): boolean {
  let possible = probed.get(isolation);
  if (possible === undefined) {
    possible = probe(isolation);
    probed.set(isolation, possible);
  }
  return possible;
}

function probe(isolation: Isolation): boolean {
  const { execPath, before } = isolated(isolation);
  if (before.length === 0) return false;
  const { status } = spawnSync(execPath, [...before, "--version"], {
    env: {},
    stdio: "ignore",
    timeout: probeWithinMs,
  });
  return status === 0;
}
