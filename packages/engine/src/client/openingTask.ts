import { type DocumentFacts, type ErrorCode, QuireError } from "@quire/core";
import type { DocumentSource, EngineRequest } from "../protocol.ts";
import { EngineTask, taskKey } from "./engineTask.ts";

/** The opening of a document. */
export class OpeningTask extends EngineTask {
  readonly kind = "opening";
  readonly request: EngineRequest;
  readonly begin: EngineTask["begin"];
  readonly #settled: PromiseWithResolvers<DocumentFacts> = Promise.withResolvers();
  #wanted = true;

  constructor(document: number, source: DocumentSource, begin: EngineTask["begin"]) {
    super(taskKey(document, null));
    this.request = { type: "open", document, source };
    this.begin = begin;
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  /** The document's facts. @throws QuireError why it is refused */
  get facts(): Promise<DocumentFacts> {
    return this.#settled.promise;
  }

  finish(facts: DocumentFacts): void {
    this.#wanted = false;
    this.#settled.resolve(facts);
  }

  fail(code: ErrorCode, message: string): void {
    this.abandon(new QuireError(code, message));
  }

  abandon(error: Error): void {
    this.#wanted = false;
    this.#settled.reject(error);
  }
}
