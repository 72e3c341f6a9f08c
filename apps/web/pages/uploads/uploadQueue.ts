import { Watched } from "../parts/watched.ts";
import { explainInLine } from "../wording/errors.ts";
import type { UploadKeeper } from "./keptUploads.ts";
import type { SendOnce } from "./sendOnce.ts";
import { sendUntilDone, type TransferEnding, type Wait } from "./sendUntilDone.ts";
import type { KeptUpload, Received, Upload, UploadMetadata, UploadState } from "./upload.ts";
import { asShown, newEntry, type UploadEntry } from "./uploadEntry.ts";
import type { UploadLocks } from "./uploadLocks.ts";

/** Sent at once: a browser opens six connections to a host, and the events and pages need theirs. */
const maxSending = 3;
/** Uploads of what was there already that are still shown. */
const maxKnownShown = 5;
/** Progress is shown this often. */
const progressMs = 250;

export interface UploadQueuePorts {
  readonly keeper: UploadKeeper;
  readonly locks: UploadLocks;
  readonly sendOnce: SendOnce;
  /** How long an upload that was begun can go on; null: not known. */
  readonly validHours: number | null;
  readonly wait: Wait;
  /** Takes back what the server has of an upload; may fail, the server forgets it after a day. */
  readonly terminate: (uploadUrl: string) => Promise<void>;
  /** Tells the other tabs that uploads came or went. */
  readonly tellTabs: () => void;
  readonly onDone: (upload: Upload, received: Received) => void;
}

/** The uploads of this browser: those of this tab are sent, three at a time; see {@link UploadState}. */
export class UploadQueue {
  readonly shown = new Watched<readonly Upload[]>([]);
  readonly #ports: UploadQueuePorts;
  readonly #entries = new Map<string, UploadEntry>();
  #isClosed = false;
  #progressTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(ports: UploadQueuePorts) {
    this.#ports = ports;
  }

  get validHours(): number | null {
    return this.#ports.validHours;
  }

  /** Adds files that were found to be in order, and begins with them. */
  async add(files: readonly File[], metadata: UploadMetadata): Promise<void> {
    const entries = files.map((file, index) => {
      const kept: KeptUpload = {
        id: newId(),
        name: file.name,
        sizeBytes: file.size,
        metadata: { ...metadata, filename: file.name },
        uploadUrl: null,
        receivedBytes: 0,
        isPaused: false,
        addedAtMs: Date.now() + index,
      };
      return Object.assign(newEntry(kept, { kind: "waiting" }), { file });
    });
    for (const entry of entries) {
      this.#entries.set(entry.kept.id, entry);
    }
    this.#show();
    for (const entry of entries) {
      entry.letGo = await this.#ports.locks.take(entry.kept.id);
      entry.isKept = await this.#ports.keeper.add(entry.kept, entry.file);
      if (this.#isClosed) {
        entry.letGo?.();
        continue;
      }
      // It may have been cancelled in the meantime.
      if (!this.#entries.has(entry.kept.id)) {
        await this.#forget(entry);
      }
      this.#fillPlaces();
    }
    this.#ports.tellTabs();
  }

  /** Takes up what was left by an earlier page, and shows what other tabs are sending. */
  async restore(): Promise<void> {
    const kept = await this.#ports.keeper.all();
    for (const upload of kept.filter(({ id }) => !this.#entries.has(id))) {
      const entry = newEntry(upload, { kind: "elsewhere" });
      this.#entries.set(upload.id, entry);
      entry.letGo = await this.#ports.locks.take(upload.id);
      if (this.#isClosed) {
        entry.letGo?.();
        return;
      }
      if (entry.letGo === null) {
        void this.#takeOver(entry);
      } else {
        await this.#adopt(entry);
      }
    }
    this.#show();
  }

  pause(id: string): void {
    const entry = this.#own(id);
    if (entry !== null) {
      entry.stop?.abort();
      this.#keep(entry, { isPaused: true });
      this.#enter(entry, { kind: "paused" });
      this.#fillPlaces();
    }
  }

  /** Goes on with an upload that is paused, or that failed. */
  resume(id: string): void {
    const entry = this.#own(id);
    if (entry !== null && entry.file !== null) {
      this.#keep(entry, { isPaused: false });
      this.#enter(entry, { kind: "waiting" });
      this.#fillPlaces();
    }
  }

  /** Gives an upload its file again. False if it is another file. */
  chooseAgain(id: string, file: File): boolean {
    const entry = this.#own(id);
    if (entry === null || file.name !== entry.kept.name || file.size !== entry.kept.sizeBytes) {
      return false;
    }
    entry.file = file;
    void this.#ports.keeper.add(entry.kept, file).then((isKept) => {
      entry.isKept = isKept;
    });
    this.resume(id);
    return true;
  }

  /** Gives an upload up, here and at the server; one that is done only leaves the list. */
  cancel(id: string): void {
    const entry = this.#own(id);
    if (entry === null) {
      return;
    }
    entry.stop?.abort();
    const { uploadUrl } = entry.kept;
    if (uploadUrl !== null && entry.state.kind !== "done") {
      void this.#ports.terminate(uploadUrl).catch(() => {});
    }
    void this.#forget(entry);
    this.#entries.delete(id);
    this.#show();
    this.#fillPlaces();
  }

  /** Stops sending, and lets go of everything; what is kept is taken up again by whoever restores it. */
  close(): void {
    this.#isClosed = true;
    for (const entry of this.#entries.values()) {
      entry.stop?.abort();
      entry.letGo?.();
    }
    this.#entries.clear();
    this.#show();
  }

  #own(id: string): UploadEntry | null {
    const entry = this.#entries.get(id);
    return entry && entry.state.kind !== "elsewhere" ? entry : null;
  }

  async #takeOver(entry: UploadEntry): Promise<void> {
    entry.stop = new AbortController();
    const letGo = await this.#ports.locks.takeWhenFree(entry.kept.id, entry.stop.signal).catch(() => null);
    if (letGo === null || this.#isClosed) {
      letGo?.();
      return;
    }
    entry.letGo = letGo;
    await this.#adopt(entry);
  }

  /** Makes an upload this tab's own, as it is by now. */
  async #adopt(entry: UploadEntry): Promise<void> {
    const kept = await this.#ports.keeper.one(entry.kept.id);
    if (kept === null) {
      // Another tab has finished it, or given it up.
      entry.letGo?.();
      this.#entries.delete(entry.kept.id);
      this.#show();
      return;
    }
    entry.kept = kept;
    entry.file = await this.#ports.keeper.file(entry.kept.id);
    entry.isKept = entry.file !== null;
    entry.sentBytes = entry.kept.receivedBytes;
    const kind = entry.file === null ? "fileNeeded" : entry.kept.isPaused ? "paused" : "waiting";
    this.#enter(entry, { kind });
    this.#fillPlaces();
  }

  #fillPlaces(): void {
    const entries = [...this.#entries.values()];
    const isBusy = ({ state: { kind } }: UploadEntry) =>
      kind === "sending" || kind === "retrying" || kind === "heldUp";
    let free = maxSending - entries.filter(isBusy).length;
    for (const entry of entries) {
      // One without its lock is still being put away by `add`.
      if (free > 0 && entry.state.kind === "waiting" && entry.file !== null && entry.letGo !== null) {
        free--;
        void this.#send(entry, entry.file);
      }
    }
  }

  async #send(entry: UploadEntry, file: Blob): Promise<void> {
    const stop = new AbortController();
    entry.stop = stop;
    entry.speed.forget();
    const ending = await sendUntilDone(
      {
        id: entry.kept.id,
        file,
        metadata: entry.kept.metadata,
        uploadUrl: entry.kept.uploadUrl,
        receivedBytes: entry.kept.receivedBytes,
        signal: stop.signal,
        onUrl: (uploadUrl) => this.#keep(entry, { uploadUrl }),
        onProgress: (sentBytes) => this.#progress(entry, sentBytes),
        onReceived: (receivedBytes) => this.#keep(entry, { receivedBytes }),
        onState: (state) => this.#enter(entry, state),
      },
      this.#ports.sendOnce,
      this.#ports.wait,
    );
    // Whoever stopped it has said what it is now.
    if (!stop.signal.aborted) {
      await this.#settle(entry, ending);
    }
    this.#fillPlaces();
  }

  async #settle(entry: UploadEntry, ending: TransferEnding): Promise<void> {
    if (ending.kind === "done") {
      entry.sentBytes = entry.kept.sizeBytes;
      this.#enter(entry, ending);
      this.#ports.onDone(asShown(entry), ending);
      await this.#forget(entry);
      this.#dropDone();
    } else if (ending.kind === "failed") {
      const words = explainInLine({ code: ending.problem.code, message: ending.problem.message });
      this.#enter(entry, { kind: "failed", words, mayRetry: ending.problem.retryable });
    } else if (ending.kind === "fileGone") {
      entry.file = null;
      this.#enter(entry, { kind: "fileNeeded" });
    }
  }

  /** A new document is in the list now; of one that was there already it is worth saying so, for a while. */
  #dropDone(): void {
    const done = [...this.#entries.values()].filter(({ state }) => state.kind === "done");
    const isNew = ({ state }: UploadEntry) => state.kind === "done" && state.isNew;
    for (const entry of [
      ...done.filter(isNew),
      ...done.filter((each) => !isNew(each)).slice(0, -maxKnownShown),
    ]) {
      this.#entries.delete(entry.kept.id);
    }
    this.#show();
  }

  async #forget(entry: UploadEntry): Promise<void> {
    entry.file = null;
    await this.#ports.keeper.remove(entry.kept.id);
    entry.letGo?.();
    this.#ports.tellTabs();
  }

  #keep(entry: UploadEntry, change: Partial<KeptUpload>): void {
    entry.kept = { ...entry.kept, ...change };
    void this.#ports.keeper.update(entry.kept);
  }

  #enter(entry: UploadEntry, state: UploadState): void {
    entry.state = state;
    this.#show();
  }

  #progress(entry: UploadEntry, sentBytes: number): void {
    entry.sentBytes = sentBytes;
    entry.speed.add(Date.now(), sentBytes);
    this.#progressTimer ??= setTimeout(() => this.#show(), progressMs);
  }

  #show(): void {
    if (this.#progressTimer !== null) {
      clearTimeout(this.#progressTimer);
      this.#progressTimer = null;
    }
    this.shown.set([...this.#entries.values()].map(asShown));
  }
}

const idBytes = 16;

/** A UUID of version 4 (RFC 9562). Not `randomUUID`, which browsers have for secure addresses only. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idBytes));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
