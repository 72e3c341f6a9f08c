import { Upload as TusUpload } from "tus-js-client";
import { BrowserUploadKeeper } from "./keptUploads.ts";
import { sendByTus } from "./sendByTus.ts";
import type { Received, Upload } from "./upload.ts";
import { BrowserUploadLocks } from "./uploadLocks.ts";
import { UploadQueue } from "./uploadQueue.ts";
import { waitForConnection } from "./waitForConnection.ts";

/** The uploads of this tab, taken up where an earlier page left them. */
export function startUploads(onDone: (upload: Upload, received: Received) => void): UploadQueue {
  const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("quire-uploads") : null;
  const uploads = new UploadQueue({
    keeper: new BrowserUploadKeeper(),
    locks: new BrowserUploadLocks(),
    sendOnce: sendByTus,
    wait: waitForConnection,
    terminate: (uploadUrl) => TusUpload.terminate(uploadUrl, { retryDelays: null }),
    tellTabs: () => tabs?.postMessage("changed"),
    onDone,
  });
  tabs?.addEventListener("message", () => void uploads.restore());
  void uploads.restore();
  window.addEventListener("beforeunload", (event) => {
    const wouldBeLost = ({ isKept, state: { kind } }: Upload) =>
      !isKept && (kind === "waiting" || kind === "sending" || kind === "retrying" || kind === "heldUp");
    if (uploads.shown.value.some(wouldBeLost)) {
      event.preventDefault();
    }
  });
  return uploads;
}
