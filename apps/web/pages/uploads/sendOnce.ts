import type { Problem } from "../api/problem.ts";
import type { Received, UploadMetadata } from "./upload.ts";

/** One attempt at sending what the server does not have yet. */
export interface Attempt {
  /** The upload's. */
  readonly id: string;
  readonly file: Blob;
  /** So much the server is known to have. */
  readonly receivedBytes: number;
  readonly metadata: UploadMetadata;
  /** Null to begin a new upload. */
  readonly uploadUrl: string | null;
  readonly signal: AbortSignal;
  onUrl(uploadUrl: string): void;
  onProgress(sentBytes: number): void;
  /** So much the server has for good. */
  onReceived(receivedBytes: number): void;
}

export type AttemptEnding =
  | ({ readonly kind: "done" } & Received)
  | { readonly kind: "failed"; readonly problem: Problem }
  /** The browser can no longer read the file. */
  | { readonly kind: "fileGone" }
  | { readonly kind: "stopped" };

/** Never rejects. */
export type SendOnce = (attempt: Attempt) => Promise<AttemptEnding>;
