/**
 * An OCR thread: one Tesseract in WebAssembly, which recognises one page at a time.
 *
 * It speaks to tesseract.js-core itself rather than through tesseract.js's own worker, because only so can it
 * tell its WebAssembly memory, drop the model's file after loading, and forget one document before the next
 * (docs/decisions/0003).
 */
import { parentPort, workerData } from "node:worker_threads";
import { collectGarbage } from "@quire/memory";
import { confineThreads } from "../child/confineThreads.ts";
import { readModel } from "./models.ts";
import type { OcrModel, OcrReply, OcrRequest, OcrThreadData } from "./ocrMessages.ts";
import { parseTsv } from "./parseTsv.ts";
import { startTesseract } from "./startTesseract.ts";

if (!parentPort) throw new Error("ocrThread.js runs as a worker thread only");
const port = parentPort;
confineThreads([]);
const { build, collectEveryPages, model } = workerData as OcrThreadData;

/** OEM_LSTM_ONLY, of Tesseract's OcrEngineMode. */
const lstmOnly = 1;
/** PSM_AUTO: columns, tables and blocks are found; tesseract.js would start with 6, one block. */
const automaticSegmentation = "3";

const { tesseract, memoryBytes } = await startTesseract(build);
const api = new tesseract.TessBaseAPI();
let initialised = false;
let pagesRead = 0;

try {
  initialise(model);
} catch {
  // The page that needs the model tries again, and reports it.
}
port.on("message", (request: OcrRequest) => {
  port.postMessage(answer(request));
});
port.postMessage({ type: "ready" } satisfies OcrReply);

function answer(request: OcrRequest): OcrReply {
  try {
    if (request.reset || !initialised) initialise(request);
    return { type: "recognised", words: recognise(request), memoryBytes: memoryBytes() };
  } catch (error) {
    // A WebAssembly trap leaves the module in an unknown state: the pool replaces the thread.
    return { type: "failed", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    if (++pagesRead % collectEveryPages === 0) collectGarbage();
  }
}

/** Starts Tesseract anew, which also forgets all that it learnt from the document before. */
function initialise({ languages, modelPaths }: OcrModel): void {
  if (initialised) api.End();
  initialised = false;
  for (const [index, language] of languages.entries()) {
    tesseract.FS.writeFile(`./${language}.traineddata`, readModel(modelPaths[index] as string));
  }
  const status = api.Init(null, languages.join("+"), lstmOnly);
  for (const language of languages) tesseract.FS.unlink(`./${language}.traineddata`);
  collectGarbage();
  if (status !== 0) throw new Error(`Tesseract does not accept the model of ${languages.join("+")}`);
  api.SetVariable("tessedit_pageseg_mode", automaticSegmentation);
  initialised = true;
}

function recognise({ image, dpi }: OcrRequest) {
  tesseract.FS.writeFile("/input", image);
  api.SetVariable("user_defined_dpi", String(Math.round(dpi)));
  const failed = api.SetImageFile(1, 0);
  tesseract.FS.unlink("/input");
  if (failed) throw new Error("Tesseract does not accept the page image");
  api.Recognize(null);
  const words = parseTsv(api.GetTSVText(0));
  api.Clear();
  return words;
}
