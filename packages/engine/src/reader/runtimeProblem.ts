import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where it is to run: see {@link runtimeProblem}. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** The path of a package's entry. @throws Error where it is not installed */
  resolve(packageName: string): string;
}

const thisMachine: Machine = {
  platform: process.platform,
  arch: process.arch,
  resolve: (packageName) => createRequire(import.meta.url).resolve(packageName),
};

/**
 * Why onnxruntime-node cannot run on this machine, as far as that shows without loading it: it holds its libraries for
 * some platforms only. Null if nothing speaks against it.
 */
export function runtimeProblem({ platform, arch, resolve }: Machine = thisMachine): string | null {
  try {
    const folder = join(dirname(resolve("onnxruntime-node")), "..", "bin", "napi-v6", platform, arch);
    return existsSync(join(folder, "onnxruntime_binding.node"))
      ? null
      : `onnxruntime-node has no library for ${platform}-${arch}`;
  } catch {
    return "onnxruntime-node is not installed";
  }
}
