import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { readKernelFile } from "./kernelFile.ts";

/**
 * The memory of a process and all its descendants, in bytes: on Linux the sum of PSS (pages shared between
 * processes are counted once; see proc_pid_smaps(5)), elsewhere the sum of resident sizes, which counts them
 * several times.
 */
export function processTreeBytes(rootPid: number): number {
  return process.platform === "linux" ? linuxTreeBytes(rootPid) : residentTreeBytes(rootPid);
}

/** The process ids of a process and all its descendants that are alive now. */
export function processTree(rootPid: number): number[] {
  const parents =
    process.platform === "linux"
      ? linuxParents()
      : psTable().map(({ pid, parent }) => [pid, parent] as const);
  const children = new Map<number, number[]>();
  for (const [pid, parent] of parents) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(pid);
    else children.set(parent, [pid]);
  }
  const tree = [rootPid];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

function linuxTreeBytes(rootPid: number): number {
  let kibibytes = 0;
  for (const pid of processTree(rootPid)) {
    const rollup = readKernelFile(`/proc/${pid}/smaps_rollup`);
    kibibytes += Number(/^Pss:\s+(\d+) kB/m.exec(rollup ?? "")?.[1] ?? 0);
  }
  return kibibytes * 1024;
}

function linuxParents(): (readonly [pid: number, parent: number])[] {
  const parents: (readonly [number, number])[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    // `pid (command) state ppid …`: the command may itself contain brackets and blanks.
    const stat = readKernelFile(`/proc/${entry}/stat`);
    const parent = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    if (parent !== undefined) parents.push([Number(entry), Number(parent)]);
  }
  return parents;
}

function residentTreeBytes(rootPid: number): number {
  const tree = new Set(processTree(rootPid));
  return psTable()
    .filter(({ pid }) => tree.has(pid))
    .reduce((sum, { residentKibibytes }) => sum + residentKibibytes * 1024, 0);
}

function psTable(): { pid: number; parent: number; residentKibibytes: number }[] {
  return execFileSync("ps", ["-axo", "pid=,ppid=,rss="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => {
      const [pid = 0, parent = 0, residentKibibytes = 0] = line.trim().split(/\s+/).map(Number);
      return { pid, parent, residentKibibytes };
    });
}
