import { Agent, get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { parentPort, Worker, workerData } from "node:worker_threads";

const askEveryMs = 25;

export interface Answers {
  /** How long each good answer took. */
  readonly tookMs: readonly number[];
  /** The status of every other. */
  readonly refused: readonly number[];
}

/** Asks for one URL after the other, from a thread of its own: what else the bench does must not delay it. */
export class Prober {
  readonly #thread: Worker;

  constructor(urls: readonly string[]) {
    this.#thread = new Worker(new URL(import.meta.url), { workerData: urls });
  }

  async stop(): Promise<Answers> {
    const answers = new Promise<Answers>((resolve, reject) => {
      this.#thread.once("message", resolve);
      this.#thread.once("error", reject);
    });
    this.#thread.postMessage("stop");
    return answers;
  }
}

async function ask(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    }).once("error", reject);
  });
}

async function probe(urls: readonly string[]): Promise<Answers> {
  const tookMs: number[] = [];
  const refused: number[] = [];
  const agent = new Agent({ keepAlive: true });
  let stopped = false;
  parentPort?.once("message", () => {
    stopped = true;
  });
  for (let count = 0; !stopped; count++) {
    const startedAt = performance.now();
    const status = await ask(urls[count % urls.length] as string, agent);
    if (status === 200) tookMs.push(performance.now() - startedAt);
    else refused.push(status);
    await delay(askEveryMs);
  }
  agent.destroy();
  return { tookMs, refused };
}

if (parentPort) parentPort.postMessage(await probe(workerData as string[]));
