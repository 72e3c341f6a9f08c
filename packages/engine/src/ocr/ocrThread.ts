/**
 * An OCR thread: PP-OCR's models, loaded for its life, and Tesseract while a page needs it. It recognises one page at a
 * time, for onnxruntime and Tesseract both block the thread that they run in.
 */
import { parentPort, workerData } from "node:worker_threads";
import { collectGarbage } from "@quire/memory";
import { confineThreads } from "../child/confineThreads.ts";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { readCalibration } from "../reader/readCalibration.ts";
import { loadNetworks } from "../reader/sessions.ts";
import { scriptOfPage } from "../tesseract/readWithTesseract.ts";
import { Tesseract } from "../tesseract/tesseract.ts";
import type { OcrReply, OcrRequest, OcrThreadData } from "./ocrMessages.ts";
import { type PpOcr, recognisePage } from "./recognisePage.ts";

if (!parentPort) throw new Error("ocrThread.js runs as a worker thread only");
const port = parentPort;
confineThreads([]);
const { models, installed, tessdataDir, collectEveryPages } = workerData as OcrThreadData;

let unavailable: string | null = null;
const ppOcr = await loadPpOcr();
let tesseract: Tesseract | null = null;
let document = -1;
let pagesRead = 0;
let tesseractIdlePages = 0;
let isSpent = false;

port.on("message", async (request: OcrRequest) => port.postMessage(await answer(request)));
port.postMessage({ type: "ready", unavailable } satisfies OcrReply);

async function loadPpOcr(): Promise<PpOcr | null> {
  if (!models) return null;
  try {
    return { models, networks: await loadNetworks(models), calibration: readCalibration(models) };
  } catch (error) {
    unavailable = error instanceof Error ? error.message : String(error);
    return null;
  }
}

async function answer(request: OcrRequest): Promise<OcrReply> {
  if (request.document !== document) tesseract?.forget();
  document = request.document;
  tesseractIdlePages++;
  try {
    const recognisers = { ppOcr, installed, tessdataDir, tesseract: loadTesseract, scriptOf };
    const reading = await recognisePage(request, recognisers);
    return {
      type: "recognised",
      reading,
      tesseractBytes: tesseract?.memoryBytes ?? 0,
      isSpent: isSpent || (tesseract?.failed ?? false),
      tesseractIdlePages,
    };
  } catch (error) {
    // A trap in WebAssembly leaves the module in an unknown state: the pool replaces the thread.
    return { type: "failed", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    if (++pagesRead % collectEveryPages === 0) collectGarbage();
  }
}

/** What it loads is used once: the thread is replaced, for the memory to be given back. */
async function scriptOf(raster: GreyRaster, guess: boolean): Promise<string | null> {
  isSpent = true;
  return scriptOfPage(raster, guess);
}

async function loadTesseract(): Promise<Tesseract> {
  tesseractIdlePages = 0;
  tesseract ??= await Tesseract.load();
  return tesseract;
}
