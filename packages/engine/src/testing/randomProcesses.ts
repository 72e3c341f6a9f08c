import assert from "node:assert/strict";
import { type ErrorCode, failedPage } from "@quire/core";
import type { EngineDeath } from "../client/enginePorts.ts";
import type { EngineMessage } from "../protocol.ts";
import { type FakeProcess, type FakeProcesses, keyOf, type OpenRequest } from "./fakeProcesses.ts";
import type { SeededRandom } from "./seededRandom.ts";

const weights = {
  ready: 30,
  warmed: 10,
  answer: 60,
  stage: 5,
  lie: 1.5,
  crash: 1,
  exhaust: 0.5,
  killedFromOutside: 0.5,
  endOfKilled: 10,
  memory: 1,
  time: 2,
};

/** Which processes a step may be about. */
const affected: Record<keyof typeof weights, (process: FakeProcess) => boolean> = {
  ready: ({ isReady }) => !isReady,
  warmed: ({ isWarming }) => isWarming,
  answer: ({ openRequests }) => openRequests.length > 0,
  stage: ({ openRequests }) => openRequests.length > 0,
  lie: () => true,
  crash: () => true,
  exhaust: () => true,
  killedFromOutside: () => true,
  endOfKilled: ({ isKilled }) => isKilled,
  memory: () => false,
  time: () => false,
};

/** What happened to a page, or to an opening, while a process had it. */
interface Evidence {
  crashesAlone: number;
  pressures: number;
  insufficientAlone: number;
  /** The client killed the process. */
  kills: number;
}

/** Engine processes that by chance answer, lie, or die; and that note what the client may conclude from it. */
export class RandomProcesses {
  readonly #processes: FakeProcesses;
  readonly #random: SeededRandom;
  readonly #evidence = new Map<string, Evidence>();

  constructor(processes: FakeProcesses, random: SeededRandom) {
    this.#processes = processes;
    this.#random = random;
    processes.onRequest = (process, request) => this.#checkRequest(process, request);
  }

  /** Takes one step. @returns its name */
  step(): string {
    const random = this.#random;
    const step = random.weighted(weights);
    const process = random.pick(this.#processes.living.filter(affected[step]));
    if (step === "memory")
      this.#processes.usedBytes = random.pick([100e6, 100e6, 100e6, 100e6, 250e6, 400e6, 500e6]) ?? 0;
    if (step === "time") this.#processes.advance(random.pick([100, 100, 1_000, 1_000, 10_000, 61_000]) ?? 0);
    if (!process) return step;
    if (step === "ready") process.say({ type: "ready" });
    if (step === "warmed") process.say({ type: "warmed" });
    if (step === "answer") this.#answer(process, random.pick(process.openRequests), 0.08);
    if (step === "stage") this.#tellStage(process);
    if (step === "lie") this.#lie(process);
    if (step === "crash") this.#die(process, "engine_crashed");
    if (step === "exhaust") this.#die(process, "engine_out_of_memory");
    if (step === "killedFromOutside") this.#die(process, "killed");
    if (step === "endOfKilled") this.#die(process, "killed");
    return `${step} ${process.pid}`;
  }

  /** Each process does what it should: starts, warms up, answers all it was asked, and ends if it was killed. */
  behave(): void {
    this.#processes.usedBytes = 100e6;
    for (const process of this.#processes.living) {
      if (process.isKilled) this.#die(process, "killed");
      else if (!process.isReady) process.say({ type: "ready" });
      if (process.isWarming) process.say({ type: "warmed" });
      for (const request of process.openRequests) this.#answer(process, request, 0);
    }
  }

  /** @throws if nothing that happened explains this failure of a page */
  checkFailure(document: number, pageNumber: number, code: ErrorCode | undefined): void {
    const evidence = this.#of(`${document}:${pageNumber}`);
    const explained =
      (code === "engine_crashed" && evidence.crashesAlone > 0) ||
      (code === "page_out_of_memory" &&
        (evidence.insufficientAlone > 0 || evidence.pressures + evidence.kills >= 3)) ||
      (code === "page_timeout" && evidence.kills > 0);
    assert.ok(explained, `page ${pageNumber} failed with ${code} after ${JSON.stringify(evidence)}`);
  }

  /** One that is to be alone is; and one that has driven the memory to its limit gets a fresh process. */
  #checkRequest(process: FakeProcess, request: OpenRequest): void {
    if (request.type === "open" || request.care === "usual") return;
    const others = this.#processes.living.filter(({ isKilled }) => !isKilled);
    const busy = others.filter(({ openRequests }) => openRequests.length > 0);
    assert.deepEqual(busy.length, 0, `page ${request.pageNumber} should be read alone`);
    if (request.care === "reduced")
      assert.equal(process.pagesSent, 0, `page ${request.pageNumber} needs a fresh process`);
  }

  #answer(process: FakeProcess, request: OpenRequest | undefined, refusing: number): void {
    if (!request) return;
    const { document } = request;
    const refuses = this.#random.chance(refusing);
    if (request.type === "open") {
      const facts = {
        format: "pdf",
        pageCount: 1 + this.#random.below(40),
        sizeBytes: 1,
        conservative: false,
      };
      if (refuses) process.say({ type: "refused", document, error: { code: "corrupt_file", message: "" } });
      else process.say({ type: "opened", document, facts: { ...facts, format: "pdf" } });
      return;
    }
    const { pageNumber, care } = request;
    if (refuses) {
      if (care !== "usual") this.#of(keyOf(request)).insufficientAlone++;
      process.say({ type: "unfit", document, pageNumber });
      return;
    }
    this.#tellFigures(process);
    process.say(page(document, pageNumber));
  }

  #tellFigures(process: FakeProcess): void {
    const pages = process.pagesSent + 1;
    const heap = { heapUsed: 0, heapTotal: 0, heapLimit: 0, external: 0, arrayBuffers: 0 };
    const rss = 80e6 + pages * (this.#random.chance(0.2) ? 40e6 : 0);
    process.say({
      type: "figures",
      figures: { rss, heap, threads: [], pagesBegun: pages, pagesRead: pages },
    });
  }

  #tellStage(process: FakeProcess): void {
    const request = this.#random.pick(process.openRequests);
    const stage = this.#random.pick(["rendering", "waiting", "recognising"] as const) ?? "waiting";
    if (!request) return;
    const pageNumber = request.type === "read" ? request.pageNumber : null;
    process.say({ type: "stage", document: request.document, pageNumber, stage });
  }

  /** Something that nobody asked for. */
  #lie(process: FakeProcess): void {
    const document = this.#random.below(40);
    const pageNumber = 1 + this.#random.below(12);
    const key = `${document}:${pageNumber}`;
    const isAsked = process.openRequests.some((request) => [key, `${document}`].includes(keyOf(request)));
    if (isAsked) return;
    const facts = { format: "pdf", pageCount: 1, sizeBytes: 1, conservative: false } as const;
    const lies: EngineMessage[] = [
      { type: "ready" },
      { type: "warmed" },
      { type: "memory" },
      { type: "unfit", document, pageNumber },
      { type: "opened", document, facts },
      { type: "stage", document, pageNumber, stage: "waiting" },
      page(document, pageNumber),
    ];
    const lie = this.#random.pick(lies);
    if (lie) process.say(lie);
  }

  #die(process: FakeProcess, death: EngineDeath): void {
    const requests = process.openRequests;
    for (const request of requests) {
      const evidence = this.#of(keyOf(request));
      if (process.isKilled) evidence.kills++;
      else if (death === "engine_out_of_memory") evidence.pressures++;
      else if (requests.length === 1) evidence.crashesAlone++;
    }
    process.die(death);
  }

  #of(key: string): Evidence {
    const evidence = this.#evidence.get(key) ?? {
      crashesAlone: 0,
      pressures: 0,
      insufficientAlone: 0,
      kills: 0,
    };
    this.#evidence.set(key, evidence);
    return evidence;
  }
}

function page(document: number, pageNumber: number): EngineMessage {
  const empty = failedPage(pageNumber, { code: "page_unreadable", message: "" });
  return { type: "page", document, result: { ...empty, outcome: "recognized", error: null }, preview: null };
}
