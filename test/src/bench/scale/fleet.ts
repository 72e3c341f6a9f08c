import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WorkerHost } from "../../worker/workerHost.ts";

/** Workers of one database, each as on a host of its own: its processes, its temporary folder, its log. */
export class Fleet {
  readonly #hosts: readonly WorkerHost[];
  readonly #timesPaths: readonly string[];

  constructor(
    count: number,
    { folder, filesFolder, url }: { folder: string; filesFolder: string; url: string },
  ) {
    mkdirSync(folder, { recursive: true });
    const names = Array.from({ length: count }, (_, index) => `worker-${index}`);
    this.#timesPaths = names.map((name) => join(folder, `${name}.claims`));
    this.#hosts = names.map((name, index) => {
      const env = { DATABASE_URL: url, OCR_THREADS: "1", CLAIM_TIMES: this.#timesPaths[index] as string };
      return new WorkerHost(folder, name, filesFolder, env, "test/dist/bench/scale/timedWorker.js");
    });
  }

  /** Starts all of them. Resolves when each has read a document. */
  async start(): Promise<void> {
    for (const host of this.#hosts) host.start();
    await Promise.all(this.#hosts.map((host) => host.untilLogged("document completed")));
  }

  /** Milliseconds of the claims that ended within a window, as `Date.now()` tells it. */
  claimsWithin(fromMs: number, toMs: number): number[] {
    const lines = this.#timesPaths
      .filter((path) => existsSync(path))
      .flatMap((path) => readFileSync(path, "utf8").trim().split("\n"));
    return lines.flatMap((line) => {
      const [at, tookMs] = line.split(" ").map(Number) as [number, number];
      return at >= fromMs && at < toMs ? [tookMs] : [];
    });
  }

  /** Tells all of them to leave. */
  async stop(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.stop()));
  }

  async kill(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.kill()));
  }
}
