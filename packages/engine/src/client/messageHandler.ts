import type { Config } from "@quire/core";
import type { EngineMessage } from "../protocol.ts";
import { judgeInsufficientMemory } from "./blame.ts";
import type { EngineEvent, ReaderStatus } from "./engineEvents.ts";
import type { EngineSession } from "./engineSession.ts";
import type { MemoryAdmission } from "./memoryAdmission.ts";
import { OpeningTask } from "./openingTask.ts";
import { PageTask } from "./pageTask.ts";
import type { PendingWork } from "./pendingWork.ts";
import type { ProcessSuccession } from "./processSuccession.ts";
import type { Scheduler } from "./scheduler.ts";

export interface MessageHandlerOptions {
  readonly config: Pick<Config, "engineMaxPages" | "engineMaxRssBytes">;
  readonly succession: ProcessSuccession;
  readonly scheduler: Scheduler;
  readonly pending: PendingWork;
  readonly admission: MemoryAdmission;
  readonly onReady: (session: EngineSession) => void;
  readonly onReader: (status: ReaderStatus) => void;
  readonly onEvent: (event: EngineEvent) => void;
}

type Message<T extends EngineMessage["type"]> = Extract<EngineMessage, { type: T }>;

/** Does what the engine's messages ask for. They may come at any time and name what nobody asked for. */
export class MessageHandler {
  readonly #options: MessageHandlerOptions;

  constructor(options: MessageHandlerOptions) {
    this.#options = options;
  }

  handle(message: EngineMessage, session: EngineSession): void {
    const { admission, scheduler, onEvent, onReady } = this.#options;
    switch (message.type) {
      case "ready":
        if (session.ready) return;
        session.ready = true;
        onReady(session);
        this.#warm(session);
        break;
      case "warmed":
        this.#options.succession.takeOver(session);
        break;
      case "opened":
        this.#opened(message, session);
        break;
      case "refused":
        session.take(OpeningTask, message.document)?.fail(message.error.code, message.error.message);
        break;
      case "page":
        this.#read(message, session);
        break;
      case "unfit":
        this.#insufficientMemory(session.take(PageTask, message.document, message.pageNumber));
        break;
      case "text":
        session.find(PageTask, message.document, message.result.pageNumber)?.noteText(message.result);
        return;
      case "stage":
        this.#noteStage(message, session);
        return;
      case "figures":
        session.noteFigures(message.figures);
        if (message.figures.rss > (this.#options.config.engineMaxRssBytes ?? Number.POSITIVE_INFINITY))
          this.#recycle(session, "max_rss");
        return;
      case "memory": {
        const { usedBytes, limitBytes } = admission.read();
        session.send({ type: "memory", usedBytes, limitBytes });
        return;
      }
      case "reader":
        this.#options.onReader({ engine: message.engine, reason: message.reason });
        return;
      case "collected":
        onEvent(message);
        return;
    }
    scheduler.schedule();
  }

  /** The threads of a successor start with the model of a document that is being read. */
  #warm(session: EngineSession): void {
    const { succession, pending } = this.#options;
    if (succession.state !== "warming" || session !== succession.next) return;
    const document = pending.documentToRead;
    if (!document || document.source.options.textLayer === "only") succession.takeOver(session);
    else session.send({ type: "warm", document: document.id, source: document.source });
  }

  #opened({ document, facts }: Message<"opened">, session: EngineSession): void {
    const opening = session.take(OpeningTask, document);
    if (opening?.wanted) opening.finish(facts);
    else if (!this.#options.pending.document(document)) session.send({ type: "close", document });
  }

  #read({ document, result, preview }: Message<"page">, session: EngineSession): void {
    session.take(PageTask, document, result.pageNumber)?.finish({ page: result, preview });
    session.pagesRead++;
    const { engineMaxPages } = this.#options.config;
    if (engineMaxPages > 0 && session.pagesRead >= engineMaxPages) this.#recycle(session, "max_pages");
  }

  #recycle(session: EngineSession, reason: "max_pages" | "max_rss"): void {
    const { succession, scheduler } = this.#options;
    if (session === succession.current) scheduler.recycle(reason);
  }

  #insufficientMemory(task: PageTask | undefined): void {
    if (task?.wanted && judgeInsufficientMemory(task) === "suspect") this.#options.pending.suspect(task);
  }

  #noteStage({ document, pageNumber, stage }: Message<"stage">, session: EngineSession): void {
    const task =
      pageNumber === null
        ? session.find(OpeningTask, document)
        : session.find(PageTask, document, pageNumber);
    if (task) task.stage = stage;
  }
}
