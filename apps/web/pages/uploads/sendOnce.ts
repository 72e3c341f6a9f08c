import type { Problem } from "../api/problem.ts";
import type { UploadMetadata } from "./upload.ts";

/** One attempt at sending what the server does not have yet. */
export interface Attempt {
  readonly file: Blob;
  readonly metadata: UploadMetadata;
  /** Null to begin a new upload. */
  readonly uploadUrl: string | null;
  readonly signal: AbortSignal;
  onUrl(uploadUrl: string): void;
  onProgress(sentBytes: number): void;
}

export type AttemptEnding =
  /** `documentId` is null where the server did not say. */
  | { readonly kind: "done"; readonly documentId: string | null; readonly isNew: boolean }
  | { readonly kind: "failed"; readonly problem: Problem }
  /** The browser can no longer read the file. */
  | { readonly kind: "fileGone" }
  | { readonly kind: "stopped" };

/** Never rejects. */
export type SendOnce = (attempt: Attempt) => Promise<AttemptEnding>;
