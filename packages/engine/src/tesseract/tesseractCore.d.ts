/** The part of tesseract.js-core's module (Emscripten, WebIDL bindings of TessBaseAPI) that Quire uses. */
interface TesseractModule {
  FS: { writeFile(path: string, data: Uint8Array): void; unlink(path: string): void };
  TessBaseAPI: new () => TessBaseApi;
  /** In the builds that are not `-lstm` it can be filled. */
  OSResults: new () => TessOsResults;
  destroy(bound: object): void;
}

/** What `DetectOS` finds (Tesseract's osdetect.h). */
interface TessOsResults {
  readonly best_result: {
    /** Quarter turns, anticlockwise, by which the page must be turned to be upright. */
    readonly orientation_id: number;
    readonly script_id: number;
    readonly sconfidence: number;
    readonly oconfidence: number;
  };
  readonly unicharset: { get_script_from_script_id(id: number): string };
}

interface TessBaseApi {
  Init(dataPath: string | null, languages: string, engineMode: number): number;
  SetVariable(name: string, value: string): boolean;
  SetImageFile(exif: number, angle: number): number;
  Recognize(monitor: null): number;
  GetTSVText(pageNumber: number): string;
  DetectOS(results: TessOsResults): boolean;
  Clear(): void;
  End(): void;
}

type TesseractCore = (options: {
  TesseractProgress(percent: number): void;
  print(line: string): void;
  printErr(line: string): void;
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
}) => Promise<TesseractModule>;
