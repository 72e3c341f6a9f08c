import { Watched } from "../parts/watched.ts";
import type { UploadKeeper } from "../uploads/keptUploads.ts";
import type { Attempt, AttemptEnding, SendOnce } from "../uploads/sendOnce.ts";
import type { KeptUpload, Received, Upload } from "../uploads/upload.ts";
import { BrowserUploadLocks } from "../uploads/uploadLocks.ts";
import { UploadQueue } from "../uploads/uploadQueue.ts";

/** A keeper in memory, as several tabs share the browser's. */
export class MemoryKeeper implements UploadKeeper {
  readonly kept = new Map<string, KeptUpload>();
  readonly files = new Map<string, Blob>();
  /** A browser without room for files. */
  isFull = false;

  async add(kept: KeptUpload, file: Blob): Promise<boolean> {
    this.kept.set(kept.id, kept);
    if (!this.isFull) {
      this.files.set(kept.id, file);
    }
    return !this.isFull;
  }

  async update(kept: KeptUpload): Promise<void> {
    this.kept.set(kept.id, kept);
  }

  async all(): Promise<KeptUpload[]> {
    return [...this.kept.values()].sort((a, b) => a.addedAtMs - b.addedAtMs);
  }

  async one(id: string): Promise<KeptUpload | null> {
    return this.kept.get(id) ?? null;
  }

  async file(id: string): Promise<Blob | null> {
    return this.files.get(id) ?? null;
  }

  async remove(id: string): Promise<void> {
    this.kept.delete(id);
    this.files.delete(id);
  }
}

/** A server whose answers the test gives: each attempt waits for its ending. */
export class HeldServer {
  readonly #count = new Watched(0);
  readonly attempts: { attempt: Attempt; end: (ending: AttemptEnding) => void }[] = [];

  readonly sendOnce: SendOnce = (attempt) =>
    new Promise((resolve) => {
      this.attempts.push({ attempt, end: resolve });
      this.#count.set(this.attempts.length);
      attempt.signal.addEventListener("abort", () => resolve({ kind: "stopped" }));
    });

  /** Resolves with the newest attempt once there were so many. */
  async untilAttempts(count: number) {
    await untilHolds(this.#count, (attempts) => attempts >= count);
    return this.attempts[count - 1] as HeldServer["attempts"][number];
  }
}

/** A tab with uploads of its own, on a server and a keeper that others may share. */
export function openTab(keeper: UploadKeeper, server: HeldServer) {
  const done: { upload: Upload; received: Received }[] = [];
  const terminated: string[] = [];
  const queue = new UploadQueue({
    keeper,
    locks: new BrowserUploadLocks(),
    sendOnce: server.sendOnce,
    validHours: null,
    wait: async () => {},
    terminate: async (uploadUrl) => void terminated.push(uploadUrl),
    tellTabs: () => {},
    onDone: (upload, received) => done.push({ upload, received }),
  });
  return { queue, done, terminated };
}

/** Resolves once this holds of the uploads as they are shown; the test's own time limit ends a wait for ever. */
export function untilShown(
  queue: UploadQueue,
  holds: (uploads: readonly Upload[]) => boolean,
): Promise<void> {
  return untilHolds(queue.shown, holds);
}

function untilHolds<T>(watched: Watched<T>, holds: (value: T) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (holds(watched.value)) {
        stop();
        resolve();
      }
    };
    const stop = watched.watch(look);
    look();
  });
}

/** The states of all uploads, in order. */
export function statesOf(queue: UploadQueue): string[] {
  return queue.shown.value.map(({ state }) => state.kind);
}
