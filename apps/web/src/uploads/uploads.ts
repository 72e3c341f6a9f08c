import { type ErrorCode, QuireError } from "@quire/core";
import { describeError, type Logger } from "@quire/core/log";
import { Periodically } from "@quire/core/periodically";
import { documentErased } from "@quire/store";
import type { Upload } from "@tus/server";
import { readDetails } from "../intake/details.ts";
import type { Intake, TakenIn } from "../intake/intake.ts";
import { partsOf, type UploadKey } from "./uploadKey.ts";
import type { UploadFound, UploadStore } from "./uploadStore.ts";

const lookEverySeconds = 60;
/** Of records that say what became of an upload: an answer that was lost is asked for within minutes. */
const maxFinishedKept = 1_000;
const msPerHour = 3_600_000;

/** The file itself, or what it is to be read with, will not do: that is not different the next time. */
const finalRefusals: readonly ErrorCode[] = [
  "unsupported_format",
  "empty_file",
  "file_too_large",
  "invalid_document",
  "invalid_request",
  "language_missing",
  // It was one, and was deleted.
  "document_erased",
];

export interface UploadsOptions {
  readonly store: UploadStore;
  readonly intake: Intake;
  /** When an owner was last erased wholly; null: never. */
  readonly erasedAt: (ownerId: string) => Promise<Date | null>;
  readonly expiryHours: number;
  readonly tessdataDir: string | null;
  readonly log: Logger;
}

/**
 * What becomes of uploads: one that is complete becomes a document, once, whoever asks how often; one that a crash left
 * complete, or that the queue had no room for, becomes one when this is looked after; one that nobody goes on with is
 * removed; and so is one that was begun before its owner was erased.
 */
export class Uploads {
  readonly store: UploadStore;
  readonly #intake: Intake;
  readonly #erasedAt: UploadsOptions["erasedAt"];
  readonly #expiryMs: number;
  readonly #tessdataDir: string | null;
  readonly #log: Logger;
  readonly #finishing = new Map<UploadKey, Promise<TakenIn>>();
  readonly #upkeep: Periodically;

  constructor({ store, intake, erasedAt, expiryHours, tessdataDir, log }: UploadsOptions) {
    this.store = store;
    this.#intake = intake;
    this.#erasedAt = erasedAt;
    this.#expiryMs = expiryHours * msPerHour;
    this.#tessdataDir = tessdataDir;
    this.#log = log;
    this.#upkeep = new Periodically("uploads", lookEverySeconds, () => this.lookAfter(), log);
  }

  start(): void {
    this.#upkeep.start();
  }

  async close(): Promise<void> {
    await this.#upkeep.stop();
    await Promise.allSettled(this.#finishing.values());
  }

  /**
   * Makes the document of a complete upload, or says again what became of it.
   *
   * @throws QuireError why it is refused: for good, and then the upload is gone, or for now
   */
  finish(key: UploadKey): Promise<TakenIn> {
    const underWay = this.#finishing.get(key);
    if (underWay) return underWay;
    const finishing = this.#finish(key).finally(() => this.#finishing.delete(key));
    this.#finishing.set(key, finishing);
    return finishing;
  }

  /** The same, if it is complete; null while it is not, or where there is none. */
  async finishIfComplete(key: UploadKey): Promise<TakenIn | null> {
    const finished = await this.store.finished(key);
    if (finished) return finished;
    const upload = await this.store.getUpload(key).catch(() => null);
    return upload?.size !== undefined && upload.offset === upload.size ? this.finish(key) : null;
  }

  /** Whether there is such an upload, finished or not; once it is not being finished any more. */
  async isThere(key: UploadKey): Promise<boolean> {
    await this.#finishing.get(key)?.catch(() => {});
    return this.store.getUpload(key).then(
      () => true,
      () => false,
    );
  }

  /** Finishes what is complete, and removes what is too old. */
  async lookAfter(): Promise<void> {
    const finished: UploadFound[] = [];
    const erased = new Map<string, Promise<number>>();
    for await (const upload of this.store.found()) {
      const isOld = upload.changedAtMs < Date.now() - this.#expiryMs;
      const { ownerId } = partsOf(upload.key);
      const erasedAtMs = erased.get(ownerId) ?? this.#erasedAtMs(ownerId);
      erased.set(ownerId, erasedAtMs);
      if (upload.begunAtMs < (await erasedAtMs)) await this.#expire(upload);
      else if (upload.isFinished && !isOld) finished.push(upload);
      else if (upload.isComplete && !upload.isFinished) await this.#tryToFinish(upload.key);
      else if (isOld) await this.#expire(upload);
    }
    finished.sort((one, other) => other.changedAtMs - one.changedAtMs);
    for (const { key } of finished.slice(maxFinishedKept)) await this.store.remove(key);
  }

  async #finish(key: UploadKey): Promise<TakenIn> {
    const finished = await this.store.finished(key);
    if (finished) return finished;
    const upload = await this.store.getUpload(key);
    try {
      const takenIn = await this.#takeIn(key, upload);
      await this.store.markFinished(key, takenIn);
      return takenIn;
    } catch (error) {
      if (error instanceof QuireError && finalRefusals.includes(error.code)) await this.store.remove(key);
      throw error;
    }
  }

  async #takeIn(key: UploadKey, { metadata = {}, creation_date }: Upload): Promise<TakenIn> {
    const of = partsOf(key);
    // A crash came after it was added, and before that was noted.
    if (await this.#intake.isThere(of)) return { documentId: of.id, isNew: true };
    if (Date.parse(creation_date ?? "") < (await this.#erasedAtMs(of.ownerId))) throw documentErased();
    const details = readDetails(metadata, this.#tessdataDir);
    // Before it is copied, for that is tried again every minute.
    await this.#intake.assertRoom(of.ownerId);
    const stored = await this.#intake.store(of, this.store.read(key));
    return this.#intake.add(of, stored, details);
  }

  /** In milliseconds since 1970; 0: never. */
  async #erasedAtMs(ownerId: string): Promise<number> {
    return (await this.#erasedAt(ownerId))?.getTime() ?? 0;
  }

  async #tryToFinish(key: UploadKey): Promise<void> {
    try {
      await this.finish(key);
      this.#log.info({ document: partsOf(key).id }, "an upload that was left complete is finished");
    } catch (error) {
      this.#log.warn(
        { document: partsOf(key).id, error: describeError(error) },
        "an upload cannot be finished yet",
      );
    }
  }

  async #expire({ key }: UploadFound): Promise<void> {
    await this.store.remove(key);
    await this.store.removeStrayRecords(key);
  }
}
