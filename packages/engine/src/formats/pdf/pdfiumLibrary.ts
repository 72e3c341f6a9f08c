import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { init, type WrappedPdfiumModule } from "@embedpdf/pdfium";
import { PdfFault, PdfLibraryLost } from "./pdfPages.ts";

/** FPDF_GetLastError, of fpdfview.h. */
export const pdfiumError = { password: 4, security: 5 } as const;

/** sizeof(FPDF_FILEACCESS) in wasm32: length, block reader, its parameter. */
const fileAccessBytes = 12;

/**
 * One PDFium in WebAssembly, shared by all open documents of the engine: its memory is 20 MB before the first
 * page. A trap (a crash inside it) leaves it in an unknown state, so everything that opens a document later
 * gets a new one; documents of the old one get `PdfLibraryLost` at their next call and are reopened.
 */
export class PdfiumLibrary {
  static #current: Promise<PdfiumLibrary> | undefined;

  readonly functions: WrappedPdfiumModule;
  #trapped = false;

  private constructor(functions: WrappedPdfiumModule) {
    this.functions = functions;
  }

  /** Whether it has crashed inside: nothing may be called any more. */
  get trapped(): boolean {
    return this.#trapped;
  }

  static async current(): Promise<PdfiumLibrary> {
    const library = await PdfiumLibrary.#current;
    if (library && !library.#trapped) return library;
    PdfiumLibrary.#current = PdfiumLibrary.#load();
    return PdfiumLibrary.#current;
  }

  static async #load(): Promise<PdfiumLibrary> {
    const path = createRequire(import.meta.url).resolve("@embedpdf/pdfium/pdfium.wasm");
    const module = await WebAssembly.compile(await readFile(path));
    const functions = await init({
      print() {},
      printErr() {},
      // Given the bytes instead, the library would keep its 4.6 MB for good.
      instantiateWasm(imports, done) {
        const instance = new WebAssembly.Instance(module, imports);
        done(instance);
        return instance.exports;
      },
    });
    functions.PDFiumExt_Init();
    return new PdfiumLibrary(functions);
  }

  /**
   * Calls into PDFium. What is thrown there is a trap or an exhausted memory.
   *
   * @throws PdfFault for the call that traps; PdfLibraryLost for every call after it
   */
  run<T>(call: (functions: WrappedPdfiumModule) => T): T {
    if (this.#trapped) throw new PdfLibraryLost("PDFium has trapped before");
    try {
      return call(this.functions);
    } catch (cause) {
      if (cause instanceof WebAssembly.RuntimeError || cause instanceof RangeError) {
        this.#trapped = true;
        throw new PdfFault("PDFium trapped", { cause });
      }
      throw cause;
    }
  }

  /** `bytes` of PDFium's memory, zeroed, for as long as `use` runs. */
  withMemory<T>(bytes: number, use: (pointer: number) => T): T {
    const { pdfium } = this.functions;
    const pointer = pdfium.wasmExports.malloc(bytes);
    if (pointer === 0) throw new PdfFault("PDFium is out of memory");
    pdfium.HEAPU8.fill(0, pointer, pointer + bytes);
    try {
      return use(pointer);
    } finally {
      if (!this.#trapped) pdfium.wasmExports.free(pointer);
    }
  }

  /** Opens a file of which PDFium reads blocks as it needs them; the file is never whole in memory. */
  openFile(path: string, password: string | undefined): { document: number; error: number; close(): void } {
    const { pdfium } = this.functions;
    const file = openSync(path, "r");
    const size = fstatSync(file).size;
    const readBlock = (_parameter: number, position: number, target: number, length: number): number => {
      const block = pdfium.HEAPU8.subarray(target, target + length);
      for (let done = 0; done < length; ) {
        const bytes = readSync(file, block, done, length - done, (position >>> 0) + done);
        if (bytes <= 0) return 0;
        done += bytes;
      }
      return 1;
    };
    const callback = pdfium.addFunction(readBlock, "iiiii");
    const access = pdfium.wasmExports.malloc(fileAccessBytes);
    pdfium.setValue(access, size, "i32");
    pdfium.setValue(access + 4, callback, "i32");
    pdfium.setValue(access + 8, 0, "i32");

    let document = 0;
    const close = () => {
      closeSync(file);
      if (this.#trapped) return;
      if (document !== 0) this.functions.FPDF_CloseDocument(document);
      pdfium.removeFunction(callback);
      pdfium.wasmExports.free(access);
    };
    try {
      document = this.run((functions) => functions.FPDF_LoadCustomDocument(access, password ?? ""));
      const error = document === 0 ? this.run((functions) => functions.FPDF_GetLastError()) : 0;
      return { document, error, close };
    } catch (error) {
      close();
      throw error;
    }
  }
}
