import { type Config, QuireError } from "@quire/core";
import { MemoryGauge, type MemoryReading } from "@quire/memory";
import type { Isolation } from "../confinement/isolation.ts";
import type { EngineFigures, EngineSettings, ReadOptions } from "../protocol.ts";
import { checkFileSize, sizeOf } from "./checkFileSize.ts";
import { DocumentAccess } from "./documentAccess.ts";
import type { EngineDocument } from "./engineDocument.ts";
import type { EngineEvent, ReaderStatus, RecycleReason } from "./engineEvents.ts";
import { type EnginePorts, systemClock } from "./enginePorts.ts";
import { EngineProcess } from "./engineProcess.ts";
import { engineSettings } from "./engineSettings.ts";
import { EngineSupervisor, type OpenOptions } from "./engineSupervisor.ts";

export type { EngineEvent, OpenOptions, ReaderStatus, RecycleReason };

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
  readonly #settings: EngineSettings;
  readonly #access: DocumentAccess;
  readonly #supervisor: EngineSupervisor;
  #nextId = 1;

  constructor(config: Config, options: EngineOptions = {}) {
    const { onEvent = () => {}, entry = engineEntry, linksFolder = null, ports } = options;
    const settings = engineSettings(config);
    const confined = options.confined ?? entry === engineEntry;
    const access = new DocumentAccess({ confined, linksFolder, tempDir: config.tempDir });
    this.#config = config;
    this.#settings = settings;
    this.#access = access;
    this.#supervisor = new EngineSupervisor({
      config,
      threads: settings.threads,
      ports: ports ?? systemPorts(config),
      start: () => ({ entry, documentsFolder: access.folder, isolation: access.isolation, settings }),
      onEvent,
      onDocumentClosed: (id) => access.remove(id),
      onFailedStart: () => access.giveUpIsolation(),
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
    return this.#access.isolation;
  }

  /** What the engine process last said of its memory; null before its first page. */
  get figures(): EngineFigures | null {
    return this.#supervisor.current?.figures ?? null;
  }

  /** What reads pages, and why not PP-OCR where that is Tesseract; null before the first engine process is ready. */
  get readerStatus(): ReaderStatus | null {
    return this.#supervisor.readerStatus;
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
      const source = { path: await this.#access.add(id, path), sizeBytes, options };
      const document = await this.#supervisor.open(id, source, open);
      if (this.#supervisor.isClosed) throw closedError();
      return document;
    } catch (error) {
      this.#access.remove(id);
      throw error;
    }
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
    this.#access.close();
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
