import { collectGarbage } from "@quire/memory";
import { type OcrModel, osdModelPath, readModel } from "./models.ts";
import { parseTsv, type TsvWord } from "./parseTsv.ts";
import { type StartedTesseract, startTesseract } from "./startTesseract.ts";
import { loadBuild } from "./tesseractBuild.ts";

/** OEM_LSTM_ONLY and OEM_TESSERACT_ONLY, of Tesseract's OcrEngineMode. */
const engineMode = { lstm: 1, legacy: 0 };
/** PSM_AUTO: columns, tables and blocks are found; tesseract.js would start with 6, one block. */
const automaticSegmentation = "3";

/**
 * Tesseract in WebAssembly, in this thread (docs/decisions/0003). Its memory grows and never shrinks: it goes with the
 * thread.
 */
export class Tesseract {
  readonly #started: StartedTesseract;
  readonly #api: TessBaseApi;
  #languages: string | null = null;
  #failed = false;

  private constructor(started: StartedTesseract) {
    this.#started = started;
    this.#api = new started.tesseract.TessBaseAPI();
  }

  /** The build that reads; its models are loaded with the first page. */
  static async load(): Promise<Tesseract> {
    return new Tesseract(await startTesseract(await loadBuild("lstm")));
  }

  /** Bytes of WebAssembly memory. */
  get memoryBytes(): number {
    return this.#started.memoryBytes();
  }

  /** A trap in WebAssembly leaves the module in an unknown state: it is not to be used for another page. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Forgets what was learnt from the last document: the next page loads its models again. */
  forget(): void {
    if (this.#languages !== null) this.#api.End();
    this.#languages = null;
  }

  /**
   * Recognises a page.
   *
   * @param image a PBM or PGM file
   * @returns words in reading order, with boxes in pixels of the image
   * @throws Error if the models or the image are not accepted
   */
  recognise(image: Uint8Array, dpi: number, model: OcrModel): TsvWord[] {
    try {
      this.#initialise(model);
      setImage(this.#started.tesseract, this.#api, image, dpi);
      this.#api.Recognize(null);
      const words = parseTsv(this.#api.GetTSVText(0));
      this.#api.Clear();
      return words;
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }

  #initialise({ languages, modelPaths }: OcrModel): void {
    const names = languages.join("+");
    if (this.#languages === names) return;
    this.forget();
    const { FS } = this.#started.tesseract;
    for (const [index, language] of languages.entries())
      FS.writeFile(`./${language}.traineddata`, readModel(modelPaths[index] as string));
    const status = this.#api.Init(null, names, engineMode.lstm);
    for (const language of languages) FS.unlink(`./${language}.traineddata`);
    collectGarbage();
    if (status !== 0) throw new Error(`Tesseract does not accept the model of ${names}`);
    this.#api.SetVariable("tessedit_pageseg_mode", automaticSegmentation);
    this.#languages = names;
  }
}

/** A script as Tesseract names it, such as Latin or Cyrillic; its confidence has no upper end. */
export interface DetectedScript {
  readonly script: string;
  readonly confidence: number;
}

/**
 * The script of a page; null where hardly anything is written on it. It takes a larger build and a
 * model of 11 MB, about 105 MB together, which nothing holds afterwards.
 *
 * @param image a PBM or PGM file
 */
export async function detectScript(image: Uint8Array, dpi: number): Promise<DetectedScript | null> {
  const { tesseract } = await startTesseract(await loadBuild("legacy"));
  const api = new tesseract.TessBaseAPI();
  const modelFile = "./osd.traineddata";
  tesseract.FS.writeFile(modelFile, readModel(osdModelPath()));
  if (api.Init(null, "osd", engineMode.legacy) !== 0)
    throw new Error("Tesseract does not accept the model of osd");
  setImage(tesseract, api, image, dpi);
  const results = new tesseract.OSResults();
  if (!api.DetectOS(results)) return null;
  const { best_result: best, unicharset } = results;
  return { script: unicharset.get_script_from_script_id(best.script_id), confidence: best.sconfidence };
}

function setImage({ FS }: TesseractModule, api: TessBaseApi, image: Uint8Array, dpi: number): void {
  FS.writeFile("/input", image);
  api.SetVariable("user_defined_dpi", String(Math.round(dpi)));
  const failed = api.SetImageFile(1, 0);
  FS.unlink("/input");
  if (failed) throw new Error("Tesseract does not accept the page image");
}
