import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { QuireError } from "@quire/core";
import {
  confinedEnvironment,
  heapOptions,
  type Isolation,
  isolated,
  offerToKernel,
  permissions,
  StderrTail,
} from "@quire/engine/confinement";
import * as v from "valibot";
import { boundedLines } from "./boundedLines.ts";
import {
  type MakerMessage,
  MakerMessageSchema,
  type MakerRequest,
  maxMessageBytes,
  maxRequestBytes,
} from "./protocol.ts";

const outputsPackage = dirname(fileURLToPath(new URL("../../package.json", import.meta.url)));

export interface MakerStart {
  readonly entry: URL;
  /** Holds the link to the original: beside its code, all that the process may read. */
  readonly documentsFolder: string;
  readonly isolation: Isolation;
  readonly maxHeapMegabytes: number;
}

/** One process that makes one PDF: started, spoken to, killed. */
export class MakerProcess {
  readonly #child: ChildProcess;
  readonly #requests: Writable;
  readonly #messages: Readable;
  /** The bytes of the PDF. */
  readonly output: Readable;
  /** Settles when the process is gone, and all it said and wrote has been read or dropped. */
  readonly ended: Promise<void>;
  readonly #stderrTail = new StderrTail();
  readonly #killWithParent = () => this.kill();
  /** Why it was killed by us; undefined: it was not. */
  #verdict: unknown;

  /** @throws QuireError `pdf_maker_failed` if the system would not start it */
  constructor({ entry, documentsFolder, isolation, maxHeapMegabytes }: MakerStart) {
    const { execPath, before } = isolated(isolation);
    // No threads: nothing here needs one, and they would have to be confined, too.
    const permitted = { package: outputsPackage, folders: [documentsFolder], threads: false };
    const options = [...before, ...heapOptions(maxHeapMegabytes), ...permissions(permitted)];
    this.#child = start(execPath, [...options, fileURLToPath(entry)]);
    const [requests, output, stderr, messages] = this.#child.stdio as unknown as [
      Writable,
      Readable,
      Readable,
      Readable,
    ];
    this.#requests = requests;
    this.output = output;
    this.#messages = messages;
    // What it does not read any more, it needs no more; its end tells why.
    requests.on("error", () => {});
    stderr.setEncoding("utf8").on("data", (text: string) => this.#stderrTail.add(text));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#child.on("error", () => resolve());
    this.#child.on("exit", () => process.off("exit", this.#killWithParent));
    this.#child.on("close", () => resolve());
    process.on("exit", this.#killWithParent);
    offerToKernel(this.#child.pid);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @returns the bytes sent @throws QuireError `pdf_unwritable` where a page has more on it than fits into a request */
  async send(request: MakerRequest): Promise<number> {
    const line = Buffer.from(`${JSON.stringify(request)}\n`);
    if (line.length > maxRequestBytes) {
      throw new QuireError(
        "pdf_unwritable",
        "A page has more text than a PDF can be made with here. Ask for text or JSON instead.",
      );
    }
    const isRoom = this.#requests.destroyed || this.#requests.write(line);
    if (!isRoom) await Promise.race([once(this.#requests, "drain").catch(() => {}), this.ended]);
    return line.length;
  }

  /** What it says, one at a time, until it ends. @throws QuireError `pdf_maker_failed` where that is no message */
  async *messages(): AsyncGenerator<MakerMessage> {
    try {
      for await (const line of boundedLines(this.#messages, maxMessageBytes))
        yield v.parse(MakerMessageSchema, JSON.parse(line));
    } catch (cause) {
      throw this.#verdict ?? makerFailed("said something that it should not", cause);
    }
  }

  /** @param verdict what is thrown instead of the PDF's end */
  kill(verdict?: unknown): void {
    this.#verdict ??= verdict;
    this.#child.kill("SIGKILL");
  }

  /** Ends it, if it has not ended, and waits until it is gone. */
  async end(): Promise<void> {
    this.kill();
    for (const stream of [this.#requests, this.output, this.#messages]) stream.destroy();
    await this.ended;
    // Where it was never started.
    process.off("exit", this.#killWithParent);
  }

  /** Why it ended before its time. */
  get death(): unknown {
    return this.#verdict ?? makerFailed(this.#stderrTail.saysHeapIsFull ? "ran out of memory" : "died");
  }
}

function start(program: string, args: readonly string[]): ChildProcess {
  try {
    return spawn(program, args, {
      env: confinedEnvironment,
      cwd: outputsPackage,
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    });
  } catch (cause) {
    throw makerFailed("could not be started", cause);
  }
}

/** @param what happened to it */
export function makerFailed(what: string, cause?: unknown): QuireError {
  return new QuireError(
    "pdf_maker_failed",
    `The process that makes the PDF ${what}. Try again; if that does not help, ask for hOCR, ALTO or text instead.`,
    { cause },
  );
}
