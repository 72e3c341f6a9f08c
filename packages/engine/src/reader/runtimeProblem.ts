import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Why onnxruntime-node cannot run on this machine, as far as that shows without loading it: it holds its libraries for
 * some platforms only. Null if nothing speaks against it.
 */
export function runtimeProblem(): string | null {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve("onnxruntime-node");
    const binary = join(
      dirname(entry),
      "..",
      "bin",
      "napi-v6",
      process.platform,
      process.arch,
      "onnxruntime_binding.node",
    );
    return existsSync(binary) ? null : `onnxruntime-node has no library for ${platform}`;
  } catch {
    return "onnxruntime-node is not installed";
  }
}
