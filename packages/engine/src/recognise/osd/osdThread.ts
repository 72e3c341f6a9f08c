/**
 * An OSD thread: Tesseract's detection of orientation and script. It needs the older recogniser, and so a larger build
 * and a model of 11 MB: both are let go of with the thread, as soon as it has answered.
 */
import { parentPort, workerData } from "node:worker_threads";
import { confineThreads } from "../../child/confineThreads.ts";
import { readModel } from "../models.ts";
import { startTesseract } from "../startTesseract.ts";
import type { OrientationAndScript, OsdReply, OsdRequest, OsdThreadData } from "./osdMessages.ts";

if (!parentPort) throw new Error("osdThread.js runs as a worker thread only");
const port = parentPort;
confineThreads([]);
const { build, modelPath } = workerData as OsdThreadData;

/** OEM_TESSERACT_ONLY, of Tesseract's OcrEngineMode. */
const legacyOnly = 0;
const modelName = "osd";
/** Tesseract's orientation ids count quarter turns anticlockwise. */
const clockwiseTurns = [0, 270, 180, 90] as const;

const { tesseract, memoryBytes } = await startTesseract(build);
const api = new tesseract.TessBaseAPI();
const modelFile = `./${modelName}.traineddata`;
tesseract.FS.writeFile(modelFile, readModel(modelPath));
if (api.Init(null, modelName, legacyOnly) !== 0)
  throw new Error("Tesseract does not accept the model of osd");
tesseract.FS.unlink(modelFile);

port.on("message", (request: OsdRequest) => {
  port.postMessage(answer(request));
});

function answer(request: OsdRequest): OsdReply {
  try {
    return { type: "detected", detected: detect(request), memoryBytes: memoryBytes() };
  } catch (error) {
    return { type: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

function detect({ image, dpi }: OsdRequest): OrientationAndScript | null {
  tesseract.FS.writeFile("/input", image);
  api.SetVariable("user_defined_dpi", String(Math.round(dpi)));
  const failed = api.SetImageFile(1, 0);
  tesseract.FS.unlink("/input");
  if (failed) throw new Error("Tesseract does not accept the page image");
  const results = new tesseract.OSResults();
  try {
    return api.DetectOS(results) ? readResults(results) : null;
  } finally {
    tesseract.destroy(results);
    api.Clear();
  }
}

function readResults({ best_result: best, unicharset }: TessOsResults): OrientationAndScript {
  return {
    orientation: clockwiseTurns[best.orientation_id] ?? 0,
    orientationConfidence: best.oconfidence,
    script: unicharset.get_script_from_script_id(best.script_id),
    scriptConfidence: best.sconfidence,
  };
}
