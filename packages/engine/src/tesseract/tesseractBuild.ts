import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { relaxedSimd, simd } from "wasm-feature-detect";

/** `lstm`: reads with the small models. `legacy`: has the older recogniser too, which alone tells orientation and script. */
export type BuildKind = "lstm" | "legacy";

/** A build of tesseract.js-core, and its WebAssembly, compiled once for all threads. */
export interface TesseractBuild {
  readonly corePath: string;
  readonly module: WebAssembly.Module;
}

const nameEnding: Record<BuildKind, string> = { lstm: "-lstm", legacy: "" };

/** Loads the build for this processor, chosen as tesseract.js chooses it. */
export async function loadBuild(kind: BuildKind): Promise<TesseractBuild> {
  const variant = (await relaxedSimd()) ? "-relaxedsimd" : (await simd()) ? "-simd" : "";
  const corePath = createRequire(import.meta.url).resolve(
    `tesseract.js-core/tesseract-core${variant}${nameEnding[kind]}.js`,
  );
  return { corePath, module: await WebAssembly.compile(await readFile(corePath.replace(/\.js$/, ".wasm"))) };
}
