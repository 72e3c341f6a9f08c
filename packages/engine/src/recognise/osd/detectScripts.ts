import { Worker } from "node:worker_threads";
import { osdModelPath } from "../models.ts";
import { nextReply } from "../nextReply.ts";
import { loadBuild, type TesseractBuild } from "../tesseractBuild.ts";
import type { OrientationAndScript, OsdReply, OsdRequest, OsdThreadData } from "./osdMessages.ts";

/** What runs in an OSD thread. */
export const osdThreadScript = new URL("./osdThread.js", import.meta.url);

let build: Promise<TesseractBuild> | undefined;

/**
 * How what is written lies on each of a few pages, and in which script it is, by a thread of its own that ends with
 * the last of them. An image is handed over for good. A page of which nothing can be told is null.
 *
 * @throws Error if the thread does not start, or dies
 */
export async function detectScripts(
  requests: readonly OsdRequest[],
): Promise<(OrientationAndScript | null)[]> {
  build ??= loadBuild("legacy");
  const workerData: OsdThreadData = { build: await build, modelPath: osdModelPath() };
  const worker = new Worker(osdThreadScript, { workerData, stdout: true, stderr: true });
  const detected: (OrientationAndScript | null)[] = [];
  try {
    for (const request of requests) {
      const answer = nextReply<OsdReply>(worker);
      worker.postMessage(request, [request.image.buffer]);
      const reply = await answer;
      detected.push(reply.type === "detected" ? reply.detected : null);
    }
  } finally {
    await worker.terminate();
  }
  return detected;
}
