import type { Readable } from "node:stream";
import { type DocumentFacts, type PageResult, QuireError } from "@quire/core";
import type { Database } from "../database.ts";
import { documentNotFound, originalErased } from "../documents/documentId.ts";
import { readPages } from "../documents/readPages.ts";
import type { ByteRange, FileStore, StoredFile } from "../files/fileStore.ts";
import { type OutputOf, outputKey } from "../files/outputKey.ts";
import { localOriginal, removeStaleCopies } from "./localOriginal.ts";
import { MakingQueue } from "./makingQueue.ts";
import { abandonOutput, beginOutput, forgetOutput, keepOutput } from "./outputRecords.ts";
import type { OutputStanding } from "./outputStanding.ts";

/** All that an output is made of. */
export interface OutputToMake<Format extends string> {
  readonly format: Format;
  /** The document's name, and what is known of it. */
  readonly name: string;
  readonly facts: DocumentFacts;
  /** In order, one by one. */
  readonly pages: AsyncIterable<PageResult>;
  /** Where the file that was uploaded lies on this machine, for the formats that contain it. */
  readonly originalPath: string | null;
  /** The making is to end. */
  readonly signal: AbortSignal;
}

/** Makes an output as a stream: what it holds does not grow with the document. Given, so that no format is known here. */
export type MakeOutput<Format extends string> = (output: OutputToMake<Format>) => AsyncIterable<Uint8Array>;

export interface WantedOutput<Format extends string> extends Pick<OutputToMake<Format>, "name" | "facts"> {
  readonly standing: OutputStanding<Format>;
}

/** An output in the file store. */
export interface KeptOutput extends StoredFile {
  /** As {@link FileStore.open}; one whose file was lost is made again. */
  open(range?: ByteRange): Promise<Readable>;
}

export interface KeptOutputsOptions<Format extends string> {
  readonly database: Database;
  readonly files: FileStore;
  readonly make: MakeOutput<Format>;
  /** For copies of originals that lie on no disk of this machine; null: the system's temporary folder. */
  readonly tempDir: string | null;
  /** What a document may have, in bytes. */
  readonly maxFileBytes: number;
  /** How long one may take, in milliseconds. */
  readonly makeWithinMs?: number;
}

/** A PDF of 200 pages takes seconds; what takes that long hangs. */
const usualMakeWithinMs = 5 * 60_000;
/** Until when a store may still be storing what nobody waits for any more. */
const settleWithinMs = 60_000;

/** A PDF takes the original and its words; a picture that no PDF can carry as it is grows to some times its size. */
const outputBytesByByte = 4;
/** Words of 200 pages take a tenth of that, in whatever format, however small the picture they stand on. */
const outputBytesAtLeast = 100_000_000;

/** Formats that contain the file that was uploaded, as `quire.forget_outputs` has it too. */
export function containsOriginal(format: string): boolean {
  return format === "pdf";
}

/**
 * Outputs of documents: made when they are first asked for, one at a time, then kept in the file store until the pages
 * they were made of go.
 */
export class KeptOutputs<Format extends string> {
  readonly #options: KeptOutputsOptions<Format>;
  readonly #makeWithinMs: number;
  readonly #queue = new MakingQueue<StoredFile>();

  constructor(options: KeptOutputsOptions<Format>) {
    this.#options = options;
    this.#makeWithinMs = options.makeWithinMs ?? usualMakeWithinMs;
  }

  /**
   * An output, made if it is not there. The making goes on when whoever asked is gone: it will be asked for again.
   *
   * @param waitMs how long to wait for its being made; by default to the end
   * @throws QuireError `document_busy` while pages of it may yet change, `page_not_found` if it has none,
   *   `original_erased`, `output_busy` (too many wait, or it takes longer than `waitMs`), `output_timeout`,
   *   `file_too_large`; what making it and storing it throw
   */
  async get(wanted: WantedOutput<Format>, waitMs = Number.POSITIVE_INFINITY): Promise<KeptOutput> {
    const of = outputOf(wanted.standing);
    const stored = wanted.standing.kept ?? (await this.#made(wanted, of, waitMs));
    return { ...stored, open: (range) => this.#open(wanted, { of, stored, range, waitMs }) };
  }

  /** What is being made ends, and nothing of it stays. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  async #open(
    wanted: WantedOutput<Format>,
    {
      of,
      stored,
      range,
      waitMs,
    }: { of: OutputOf; stored: StoredFile; range: ByteRange | undefined; waitMs: number },
  ): Promise<Readable> {
    const { database, files } = this.#options;
    const key = outputKey(of);
    try {
      return await files.open(key, range);
    } catch (error) {
      if (!(error instanceof QuireError) || error.code !== "file_missing") throw error;
    }
    await forgetOutput(database, of);
    const again = await this.#made(wanted, of, waitMs);
    // Of the same pages the same is made, unless by another version of Quire.
    if (again.sha256 !== stored.sha256) throw changedMeanwhile();
    return files.open(key, range);
  }

  #made(wanted: WantedOutput<Format>, of: OutputOf, waitMs: number): Promise<StoredFile> {
    return this.#queue.run(outputKey(of), waitMs, (closing) => this.#make(wanted, of, closing));
  }

  async #make(wanted: WantedOutput<Format>, of: OutputOf, closing: AbortSignal): Promise<StoredFile> {
    const { database, files } = this.#options;
    const holdSeconds = (this.#makeWithinMs + settleWithinMs) / 1000;
    if (!(await beginOutput(database, of, holdSeconds))) throw documentNotFound();
    const late = AbortSignal.timeout(this.#makeWithinMs);
    try {
      const stored = await this.#store(wanted, of, AbortSignal.any([closing, late]));
      if (!(await keepOutput(database, of, wanted.standing.pages, stored))) throw changedMeanwhile();
      return stored;
    } catch (error) {
      // The first error is the one to tell; a worker deletes what is left, as `beginOutput` noted.
      await abandonOutput(database, files, of).catch(() => {});
      throw late.aborted ? tookTooLong(error) : error;
    }
  }

  async #store(
    { standing, name, facts }: WantedOutput<Format>,
    of: OutputOf,
    signal: AbortSignal,
  ): Promise<StoredFile> {
    const { database, files, make, tempDir, maxFileBytes } = this.#options;
    const maxBytes = Math.max(outputBytesByByte * maxFileBytes, outputBytesAtLeast);
    const { format } = standing;
    if (containsOriginal(format)) await removeStaleCopies(tempDir, this.#makeWithinMs + settleWithinMs);
    await using original = containsOriginal(format)
      ? await localOriginal(files, standing.original, { tempDir, signal })
      : null;
    const pages = readPages(database, of.documentId, of.ownerId);
    const content = make({ format, name, facts, pages, originalPath: original?.path ?? null, signal });
    return await files.put(outputKey(of), content, { maxBytes, signal });
  }
}

/** @throws QuireError why there can be no such output, now or at all */
function outputOf(standing: OutputStanding): OutputOf {
  const { ownerId, documentId, run, claim, format } = standing;
  if (!standing.isSettled)
    throw new QuireError("document_busy", "The document is still to be read. Wait until it is finished.");
  if (claim === null) throw new QuireError("page_not_found", "No page of the document could be read.");
  if (containsOriginal(format) && standing.original.isErased) throw originalErased();
  return { ownerId, documentId, run, claim, format };
}

function changedMeanwhile(): QuireError {
  return new QuireError("document_busy", "The document has changed meanwhile. Ask for it again.");
}

function tookTooLong(cause: unknown): QuireError {
  return new QuireError(
    "output_timeout",
    "Making the file took too long and was ended. Try again later; the log has the cause if it stays so.",
    { cause },
  );
}
