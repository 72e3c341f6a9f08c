/**
 * Where an upload stands.
 *
 * waiting → sending → done
 *    sending → paused → (resume) → waiting
 *    sending → retrying (no connection, or the server could not) → sending, by itself
 *    sending → heldUp (too much is waiting at the server) → sending, by itself
 *    sending → failed → (try again) → waiting
 *    after a reload: waiting, paused, elsewhere (another tab sends it) or fileNeeded (the browser did not keep the
 *    file) → (file chosen again) → waiting
 */
export type UploadState =
  | { readonly kind: "waiting" | "sending" | "paused" | "elsewhere" | "fileNeeded" }
  | { readonly kind: "retrying" | "heldUp"; readonly words: string }
  | { readonly kind: "failed"; readonly words: string; readonly mayRetry: boolean }
  | ({ readonly kind: "done" } & Received);

/** What the server made of a file. */
export interface Received {
  /** Null where it did not say. */
  readonly documentId: string | null;
  /** False where the same file was there already. */
  readonly isNew: boolean;
}

/** An upload as it is shown. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  /** Null until it can be told. */
  readonly bytesPerSecond: number | null;
  /** Whether a reload of the page can go on with it. */
  readonly isKept: boolean;
  readonly state: UploadState;
}

/** What the server is told of a file, as TUS metadata. */
export type UploadMetadata = Readonly<Record<string, string>>;

/** What is kept of an upload across reloads, beside the file itself. */
export interface KeptUpload {
  /** A UUID. Sent straight to the storage, the document has the same. */
  readonly id: string;
  /** Whose it is; null or missing where nobody signs in. */
  readonly ownerId?: string | null;
  readonly name: string;
  readonly sizeBytes: number;
  readonly metadata: UploadMetadata;
  /** Where the server takes it; null before it has been asked. */
  readonly uploadUrl: string | null;
  /** What the server is known to have; it is asked before more is sent. */
  readonly receivedBytes: number;
  readonly isPaused: boolean;
  /** In the order of which they are sent. */
  readonly addedAtMs: number;
}

/** Whether it is neither done nor given up. */
export function isUnfinished(upload: Upload): boolean {
  return upload.state.kind !== "done" && upload.state.kind !== "failed";
}
