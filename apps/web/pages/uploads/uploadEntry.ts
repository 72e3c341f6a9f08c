import { Speed } from "./speed.ts";
import type { KeptUpload, Upload, UploadState } from "./upload.ts";

/** What the queue knows of one upload. */
export interface UploadEntry {
  kept: KeptUpload;
  /** Null while another tab has it, or where the browser did not keep it. */
  file: Blob | null;
  isKept: boolean;
  sentBytes: number;
  state: UploadState;
  readonly speed: Speed;
  /** Lets other tabs work on it; null while another one does. */
  letGo: (() => void) | null;
  /** Ends the attempt under way, or the wait for another tab. */
  stop: AbortController | null;
}

export function newEntry(kept: KeptUpload, state: UploadState): UploadEntry {
  return {
    kept,
    state,
    file: null,
    isKept: true,
    sentBytes: 0,
    speed: new Speed(),
    letGo: null,
    stop: null,
  };
}

export function asShown(entry: UploadEntry): Upload {
  return {
    id: entry.kept.id,
    name: entry.kept.name,
    sizeBytes: entry.kept.sizeBytes,
    sentBytes: entry.sentBytes,
    bytesPerSecond: entry.state.kind === "sending" ? entry.speed.bytesPerSecond : null,
    isKept: entry.isKept,
    state: entry.state,
  };
}
