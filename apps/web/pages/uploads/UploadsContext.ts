import { createContext, use } from "react";
import { useWatched } from "../parts/useWatched.ts";
import type { Upload } from "./upload.ts";
import type { UploadQueue } from "./uploadQueue.ts";

/** The uploads live outside of the pages: they go on whichever is shown. */
export const UploadsContext = createContext<UploadQueue | null>(null);

export function useUploadQueue(): UploadQueue {
  const queue = use(UploadsContext);
  if (queue === null) {
    throw new Error("There is no UploadsContext above.");
  }
  return queue;
}

export function useUploads(): readonly Upload[] {
  return useWatched(useUploadQueue().shown);
}
