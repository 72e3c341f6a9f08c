import type { EngineDocument } from "./engineDocument.ts";
import type { EngineTask } from "./engineTask.ts";
import { PageTask } from "./pageTask.ts";

/**
 * What has not gone to the engine yet, in the order in which it goes: suspects, each alone; what is queued (openings,
 * and what a killed engine left undone); then pages of the open documents in turn. What nobody waits for any more is
 * forgotten.
 */
export class PendingWork {
  readonly #threads: number;
  #suspects: EngineTask[] = [];
  #queued: EngineTask[] = [];
  readonly #documents = new Map<number, EngineDocument>();
  /** The document that last began a page: the turn of those after it comes first. */
  #lastDocument = 0;

  constructor(threads: number) {
    this.#threads = threads;
  }

  addDocument(document: EngineDocument): void {
    this.#documents.set(document.id, document);
  }

  removeDocument(document: EngineDocument): void {
    this.#documents.delete(document.id);
  }

  document(id: number): EngineDocument | undefined {
    return this.#documents.get(id);
  }

  /** A document of which pages are still to be read, if there is one. */
  get documentToRead(): EngineDocument | undefined {
    return [...this.#documents.values()].find(({ pageRun }) => pageRun?.hasWanted);
  }

  get hasWork(): boolean {
    this.#forgetUnwanted();
    return this.#suspects.length > 0 || this.#queued.length > 0 || this.documentToRead !== undefined;
  }

  queue(task: EngineTask): void {
    this.#queued.push(task);
  }

  /** The task is done alone, before anything else. */
  suspect(task: EngineTask): void {
    task.suspect = true;
    this.#suspects.push(task);
  }

  /** The task was about to go to an engine that could not take it: it is the next one again. */
  putBack(task: EngineTask): void {
    (task.suspect ? this.#suspects : this.#queued).unshift(task);
  }

  get firstSuspect(): EngineTask | undefined {
    this.#forgetUnwanted();
    return this.#suspects[0];
  }

  takeSuspect(): EngineTask | undefined {
    this.#forgetUnwanted();
    return this.#suspects.shift();
  }

  takeQueued(): EngineTask[] {
    this.#forgetUnwanted();
    return this.#queued.splice(0);
  }

  /** The document whose turn it is to begin a page, if one may. */
  get nextDocument(): EngineDocument | undefined {
    const ids = [...this.#documents.keys()];
    const after = ids.filter((id) => id > this.#lastDocument);
    const inTurn = [...after, ...ids.filter((id) => id <= this.#lastDocument)];
    return inTurn
      .map((id) => this.#documents.get(id) as EngineDocument)
      .find((document) => this.#mayBegin(document));
  }

  /** The next page of a document, which is now under way. */
  takePage(document: EngineDocument): PageTask | undefined {
    const { pageRun } = document;
    const pageNumber = pageRun?.take();
    if (!pageRun || pageNumber === undefined) return undefined;
    this.#lastDocument = document.id;
    return new PageTask(document, pageRun, pageNumber);
  }

  #mayBegin({ pageRun, facts }: EngineDocument): boolean {
    if (!pageRun?.hasWanted) return false;
    // In conservative mode a page is rendered only for a thread that is free.
    const maxUnderWay = facts.conservative ? this.#threads : 2 * this.#threads;
    // Results that wait to be taken in page order stay this close to the page they wait for.
    const maxOpen = 4 * this.#threads;
    return pageRun.underWay < maxUnderWay && pageRun.open < maxOpen;
  }

  /** Forgets a document's suspects. */
  dropSuspects(document: EngineDocument): void {
    const isOf = (task: EngineTask): task is PageTask => task instanceof PageTask && task.isOf(document);
    const dropped = this.#suspects.filter(isOf);
    this.#suspects = this.#suspects.filter((task) => !isOf(task));
    for (const task of dropped) task.drop();
  }

  /** Ends everything that waits, and every run of an open document. */
  abandonAll(error: Error): void {
    for (const task of [...this.#suspects.splice(0), ...this.#queued.splice(0)]) task.abandon(error);
    for (const { pageRun } of this.#documents.values()) pageRun?.fail(error);
  }

  #forgetUnwanted(): void {
    this.#suspects = this.#suspects.filter(({ wanted }) => wanted);
    this.#queued = this.#queued.filter(({ wanted }) => wanted);
  }
}
