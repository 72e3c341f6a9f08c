import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { readKernelFile } from "./kernelFile.ts";
import { proportionalBytes } from "./processBytes.ts";

/**
 * The memory of a process and all its descendants, in bytes: on Linux the sum of PSS (pages shared between
 * processes are counted once; see proc_pid_smaps(5)), elsewhere the sum of resident sizes, which counts them
 * several times.
 */
export function processTreeBytes(rootPid: number): number {
  if (process.platform !== "linux") return residentTreeBytes(rootPid);
  return processTree(rootPid).reduce((sum, pid) => sum + proportionalBytes(pid), 0);
}

/** The process ids of a process and all its descendants that are alive now, the process itself first. */
export function processTree(rootPid: number): number[] {
  if (process.platform !== "linux") return treeOf(rootPid, parentsIn(psTable()));
  return readKernelFile(`/proc/${rootPid}/task/${rootPid}/children`) === null
    ? treeOf(rootPid, linuxParents())
    : linuxTree(rootPid);
}

/**
 * Asks each process for its children, thread by thread, since a child belongs to the thread that forked it. That
 * takes a fifth of the time of asking every process of the machine for its parent. Where a child ends in between,
 * the kernel may leave out another one this time (proc_pid_task(5), `children`).
 */
function linuxTree(rootPid: number): number[] {
  const tree = [rootPid];
  for (const pid of tree) {
    for (const thread of threadsOf(pid)) {
      const children = readKernelFile(`/proc/${pid}/task/${thread}/children`);
      if (children) tree.push(...children.split(" ").map(Number));
    }
  }
  return tree;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** For kernels without CONFIG_PROC_CHILDREN. */
function linuxParents(): Parents {
  const parents: [number, number][] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    // `pid (command) state ppid …`: the command may itself contain brackets and blanks.
    const stat = readKernelFile(`/proc/${entry}/stat`);
    const parent = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    if (parent !== undefined) parents.push([Number(entry), Number(parent)]);
  }
  return parents;
}

type Parents = readonly (readonly [pid: number, parent: number])[];

function treeOf(rootPid: number, parents: Parents): number[] {
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

function residentTreeBytes(rootPid: number): number {
  const table = psTable();
  const tree = new Set(treeOf(rootPid, parentsIn(table)));
  return table
    .filter(({ pid }) => tree.has(pid))
    .reduce((sum, { residentKibibytes }) => sum + residentKibibytes * 1024, 0);
}

interface PsRow {
  readonly pid: number;
  readonly parent: number;
  readonly residentKibibytes: number;
}

function parentsIn(table: readonly PsRow[]): Parents {
  return table.map(({ pid, parent }) => [pid, parent]);
}

/**
 * Blocks this process for the tens of milliseconds that `ps` takes, once a second in a worker. Accepted: only
 * macOS has no /proc, where Quire is tried and developed, and whoever asks (a worker, a command) reads no page
 * itself; its answers on /health come so much later, and the limit there is five seconds.
 */
function psTable(): PsRow[] {
  return execFileSync("ps", ["-axo", "pid=,ppid=,rss="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => {
      const [pid = 0, parent = 0, residentKibibytes = 0] = line.trim().split(/\s+/).map(Number);
      return { pid, parent, residentKibibytes };
    });
}
