import { describeError, type Logger } from "@quire/core/log";
import type { WorkerRecords } from "@quire/store";
import type { WorkerEventName } from "./health/events.ts";
import type { WorkerEvent } from "./health/vitals.ts";

/** For a look back; the database keeps two weeks of them. */
const eventsKept = 20;

/**
 * What a worker tells of itself: each event goes to its log, to `worker_events` and to whoever asks at `/health`, with
 * its reason and its figures.
 */
export class Chronicle {
  readonly #log: Logger;
  readonly #events: WorkerEvent[] = [];
  #records: WorkerRecords | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** The newest last. */
  get events(): readonly WorkerEvent[] {
    return this.#events;
  }

  get fill() {
    return { name: "events", used: this.#events.length, limit: eventsKept } as const;
  }

  /** From now on there is a database to write to. */
  keepIn(records: WorkerRecords): void {
    this.#records = records;
  }

  /** Resolves when it is stored, or cannot be: to be awaited only by who is about to leave. Never rejects. */
  async tell(
    event: WorkerEventName,
    reason: string | null,
    figures: Record<string, unknown> = {},
    level: "info" | "warn" = "info",
  ): Promise<void> {
    this.#events.push({ at: new Date(), event, reason });
    if (this.#events.length > eventsKept) this.#events.shift();
    this.#log[level]({ event, reason, figures }, event.replaceAll("_", " "));
    await this.#records
      ?.record(event, reason, figures)
      .catch((error: unknown) => this.#log.debug({ error: describeError(error) }, "event not stored"));
  }
}
