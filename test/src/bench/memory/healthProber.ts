import { get } from "node:http";
import { HealthAnswers, type HealthFigures } from "./healthAnswers.ts";

const probeEveryMs = 100;
/** The platform's own patience with a health check (Render). */
const answerWithinMs = 5_000;

/** Asks a worker ten times a second how it is, as a platform does now and then. */
export class HealthProber {
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;
  readonly #answers = new HealthAnswers();
  #asking = false;

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}/health`;
    this.#timer = setInterval(() => void this.#probe(), probeEveryMs);
  }

  noteEnd(): void {
    this.#answers.noteEnd();
  }

  stop(): HealthFigures {
    clearInterval(this.#timer);
    return this.#answers.figures(performance.now());
  }

  /** One at a time: a worker that is slow to answer is not asked more often for it. */
  async #probe(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const askedMs = performance.now();
    const isGood = await answersWell(this.#url);
    this.#asking = false;
    if (isGood) this.#answers.noteGood(askedMs, performance.now());
    else this.#answers.noteBad();
  }
}

function answersWell(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { signal: AbortSignal.timeout(answerWithinMs) }, (response) => {
      response.on("end", () => resolve(response.statusCode === 200));
      response.on("error", () => resolve(false));
      response.resume();
    });
    request.on("error", () => resolve(false));
  });
}
