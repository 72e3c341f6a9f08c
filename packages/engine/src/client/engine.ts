import { resolve } from "node:path";
import { type Config, QuireError } from "@quire/core";
import { MemoryGauge, type MemoryReading } from "@quire/memory";
import { DocumentLinks } from "../confinement/documentLinks.ts";
import { type Isolation, isolationOf } from "../confinement/isolation.ts";
import type { EngineFigures, ReadOptions } from "../protocol.ts";
import { checkFileSize, sizeOf } from "./checkFileSize.ts";
import type { EngineDocument } from "./engineDocument.ts";
import type { EngineEvent, RecycleReason } from "./engineEvents.ts";
import { type EnginePorts, systemClock } from "./enginePorts.ts";
import { EngineProcess } from "./engineProcess.ts";
import { engineSettings } from "./engineSettings.ts";
import { EngineSupervisor, type OpenOptions } from "./engineSupervisor.ts";

export type { EngineEvent, OpenOptions, RecycleReason };

export interface EngineOptions {
  readonly onEvent?: ((event: EngineEvent) => void) | undefined;
  /** A folder to be made for the links to the open documents; by default one in the temporary folder. */
  readonly linksFolder?: string;
  /** The module that the engine process runs: the engine, or in tests one that misbehaves. */
  readonly entry?: URL;
  /** Whether the process is confined to its code and the open documents; in tests, one that keeps a journal is not. */
  readonly confined?: boolean;
  /** In tests: what stands for processes, time and memory. */
  readonly ports?: EnginePorts;
}

const engineEntry = new URL("../child/main.js", import.meta.url);

/** The client of the engine process: opens documents in it and shares its threads among their pages, in turn. */
export class Engine {
  readonly #config: Config;
  readonly #settings;
  readonly #linksFolder: string | null;
  readonly #confined: boolean;
  readonly #supervisor: EngineSupervisor;
  /** What the kernel keeps from the process; unknown before its first start. */
  #isolationOnce: Isolation | null = null;
  /** What the process may read of the documents; null until the first, or if it is not confined. */
  #links: DocumentLinks | null = null;
  #nextId = 1;

  constructor(config: Config, options: EngineOptions = {}) {
    const { onEvent = () => {}, entry = engineEntry, linksFolder = null, ports } = options;
    this.#config = config;
    this.#settings = engineSettings(config);
    this.#linksFolder = linksFolder;
    this.#confined = options.confined ?? entry === engineEntry;
    const settings = this.#settings;
    this.#supervisor = new EngineSupervisor({
      config,
      threads: settings.threads,
      ports: ports ?? systemPorts(config),
      start: () => {
        const { isolation } = this;
        return { entry, documentsFolder: this.#links?.folder ?? null, isolation, settings };
      },
      onEvent,
      onDocumentClosed: (id) => this.#links?.remove(id),
      onFailedStart: () => {
        // It may be what keeps it from starting here. No document is opened before it has started.
        this.#isolationOnce = "none";
      },
    });
  }

  get threads(): number {
    return this.#settings.threads;
  }

  get state(): "off" | "starting" | "running" {
    const { current } = this.#supervisor;
    if (!current) return "off";
    return current.ready ? "running" : "starting";
  }

  /** The engine process, and for a moment its successor or its predecessor. */
  get pids(): number[] {
    return this.#supervisor.pids;
  }

  /** It died again and again before it was ready: the installation is at fault. */
  get cannotStart(): boolean {
    return this.#supervisor.cannotStart;
  }

  /** What the kernel keeps from the engine process here. */
  get isolation(): Isolation {
    // Documents in a folder that we were told of are copies of our own.
    this.#isolationOnce ??= this.#confined ? isolationOf(this.#linksFolder !== null) : "none";
    return this.#isolationOnce;
  }

  /** What the engine process last said of its memory; null before its first page. */
  get figures(): EngineFigures | null {
    return this.#supervisor.current?.figures ?? null;
  }

  /** Pages and openings that the engine process has or is about to get, and how many it may have. */
  get fill(): { readonly used: number; readonly limit: number } {
    return this.#supervisor.fill;
  }

  /**
   * Opens a document: checks its size, and in the engine its format, its pages and its limits.
   *
   * @throws QuireError why the document is refused; `temp_dir_unavailable`; whatever `begin` rejects with; the
   *   signal's reason
   */
  async openDocument(path: string, options: ReadOptions, open: OpenOptions = {}): Promise<EngineDocument> {
    const sizeBytes = await sizeOf(path);
    checkFileSize(sizeBytes, this.#config.limits);
    const id = this.#nextId++;
    try {
      const source = { path: await this.#link(id, path), sizeBytes, options, sampling: "document" } as const;
      const document = await this.#supervisor.open(id, source, open);
      if (this.#supervisor.isClosed) throw closedError();
      return document;
    } catch (error) {
      this.#links?.remove(id);
      throw error;
    }
  }

  /** @returns the path under which the process may read the document */
  async #link(id: number, path: string): Promise<string> {
    if (!this.#confined || this.#supervisor.isClosed) return resolve(path);
    this.#links ??= DocumentLinks.create(this.#linksFolder, this.#config.tempDir);
    return this.#links.add(id, path);
  }

  /** Replaces the engine process between two pages: nothing is read twice. */
  recycle(reason: RecycleReason): void {
    this.#supervisor.recycle(reason);
  }

  /** Kills the engine process now, for it does not move. What was under way is done again; nobody is suspected. */
  killStuck(): void {
    this.#supervisor.killStuck();
  }

  /**
   * Kills the engine process now, for the memory is all but full, and starts no other before {@link release}. What was
   * under way is done again, alone, if the engine is what fills it.
   *
   * @param engineIsLargest whether the engine holds most of what is used
   */
  killForMemory(reading: MemoryReading, engineIsLargest: boolean): void {
    this.#supervisor.killForMemory(reading, engineIsLargest);
  }

  /** An engine may be started again. */
  release(): void {
    this.#supervisor.release();
  }

  /** Has the engine process collect garbage. */
  collect(): void {
    this.#supervisor.current?.send({ type: "collect" });
  }

  /** Ends the engine process. Readings under way end with `engine_unavailable`. */
  close(): void {
    this.#supervisor.close(closedError());
    this.#links?.close();
  }
}

function systemPorts({ memoryLimitBytes }: Config): EnginePorts {
  return {
    startProcess: (start, listener) => new EngineProcess(start, listener),
    clock: systemClock,
    gauge: new MemoryGauge(memoryLimitBytes),
  };
}

function closedError(): QuireError {
  return new QuireError("engine_unavailable", "The engine has been closed.");
}
