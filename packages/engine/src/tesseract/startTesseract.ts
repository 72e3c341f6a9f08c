import { createRequire } from "node:module";
import type { TesseractBuild } from "./tesseractBuild.ts";

/** A Tesseract that runs in this thread. */
export interface StartedTesseract {
  readonly tesseract: TesseractModule;
  /** Of its WebAssembly, which grows and never shrinks. */
  memoryBytes(): number;
}

/** Starts a build of Tesseract in this thread; nothing of what it prints is kept. */
export async function startTesseract({ corePath, module }: TesseractBuild): Promise<StartedTesseract> {
  const core = createRequire(import.meta.url)(corePath) as TesseractCore;
  let memory: WebAssembly.Memory | undefined;
  const tesseract = await core({
    TesseractProgress() {},
    // Tesseract's chatter ("Detected 552 diacritics") is about the document: it goes nowhere.
    print() {},
    printErr() {},
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(module, imports);
      memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
      done(instance, module);
      return instance.exports;
    },
  });
  return { tesseract, memoryBytes: () => memory?.buffer.byteLength ?? 0 };
}
