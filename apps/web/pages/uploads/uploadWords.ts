import { percent, size } from "../wording/sizes.ts";
import { roughly } from "../wording/times.ts";
import type { Upload } from "./upload.ts";

/** How an upload stands, in words. */
export function uploadWords(upload: Upload): string {
  const { state } = upload;
  switch (state.kind) {
    case "waiting":
      return `${size(upload.sizeBytes)} · waits for the others`;
    case "sending":
      return [reached(upload), ...speedWords(upload)].join(" · ");
    case "paused":
      return `Paused at ${reached(upload)}`;
    case "elsewhere":
      return "Another tab takes care of it";
    case "fileNeeded":
      return "This browser has not kept the file. Choose it again to go on.";
    case "retrying":
    case "heldUp":
    case "failed":
      return state.words;
    case "done":
      return state.isNew ? "Uploaded" : "Already here: the same file was uploaded before";
  }
}

function reached({ sentBytes, sizeBytes }: Upload): string {
  return `${percent(sentBytes / sizeBytes)} of ${size(sizeBytes)}`;
}

function speedWords({ bytesPerSecond, sizeBytes, sentBytes }: Upload): string[] {
  return bytesPerSecond === null
    ? []
    : [`${size(bytesPerSecond)}/s`, `${roughly((sizeBytes - sentBytes) / bytesPerSecond)} left`];
}
