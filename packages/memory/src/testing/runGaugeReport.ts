import { execFileSync } from "node:child_process";
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cgroupFolders } from "../cgroup.ts";
import type { GaugeReport } from "./gaugeReport.ts";

const node = [process.execPath, fileURLToPath(new URL("./gaugeReport.js", import.meta.url))] as const;

/** The report of a process that is in no cgroup but ours. */
export function reportHere(): GaugeReport {
  return run("env", []);
}

/**
 * The report of a process in a v1 cgroup of its own for each controller, made with these settings within ours and
 * removed afterwards.
 *
 * @throws Error why a cgroup cannot be made here
 */
export function reportInCgroups(
  settings: {
    readonly [Controller in "memory" | "cpu"]?: Readonly<Record<string, number>>;
  },
): GaugeReport {
  const made: string[] = [];
  try {
    for (const controller of ["memory", "cpu"] as const) {
      if (!settings[controller]) continue;
      const [own] = cgroupFolders(controller);
      if (!own) throw new Error(`there is no cgroup v1 hierarchy for ${controller}`);
      const folder = `${own}/quire-test-${process.pid}`;
      mkdirSync(folder);
      made.push(folder);
      for (const [file, value] of Object.entries(settings[controller]))
        writeFileSync(`${folder}/${file}`, String(value));
    }
    const enter = made.map((folder) => `echo $$ > ${folder}/cgroup.procs`).join(" && ");
    return run("sh", ["-c", `${enter} && exec "$@"`, "sh"]);
  } finally {
    for (const folder of made) rmdirSync(folder);
  }
}

/**
 * The report of a process that sees `folder` where the cgroups are: as in a container, whose own cgroup is all there is.
 *
 * @throws Error if that takes rights we do not have
 */
export function reportInContainerOf(folder: string): GaugeReport {
  return run("unshare", [
    "--mount",
    "sh",
    "-c",
    `mount --bind '${folder}' /sys/fs/cgroup && exec "$@"`,
    "sh",
  ]);
}

function run(command: string, args: readonly string[]): GaugeReport {
  return JSON.parse(execFileSync(command, [...args, ...node], { encoding: "utf8" }));
}
