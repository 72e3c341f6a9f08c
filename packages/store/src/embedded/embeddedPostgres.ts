import { readFile, realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { QuireError } from "@quire/core";
import { findPostmaster } from "./postmaster.ts";
import { type Cluster, clusterFiles, prepareCluster } from "./prepareCluster.ts";
import { answers, clusterUrl, startPostmaster } from "./startPostmaster.ts";
import { type StopMode, stopPostmaster } from "./stopPostmaster.ts";

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its password and its log, and nothing else. Made if need be. */
  readonly folder: string;
  /** Settings of Postgres on top of ours; one that already runs keeps those it was started with. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * A private Postgres that outlives us unless it is stopped: a daemon, known by its folder alone, so that
 * whoever comes next adopts it.
 *
 * ```
 * start ──► running ──stop──► stopped ──restart──► running
 *              └──restart──► running, same url
 * ```
 */
export class EmbeddedPostgres {
  /** Of the database `postgres`, for the superuser. */
  readonly url: string;
  readonly #cluster: Cluster;
  readonly #port: number;

  private constructor(cluster: Cluster, port: number) {
    this.#cluster = cluster;
    this.#port = port;
    this.url = this.urlOf("postgres");
  }

  /**
   * Initialises the cluster in the folder if there is none, starts it, or adopts the one that runs there.
   *
   * @throws QuireError invalid_configuration if it cannot run there or on this platform, else database_unavailable
   */
  static async start({ folder, settings = {} }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    return inFolder(folder, async () => {
      const cluster = await prepareCluster(folder, settings);
      return new EmbeddedPostgres(cluster, await startPostmaster(cluster));
    });
  }

  urlOf(database: string): string {
    return clusterUrl(this.#cluster.password, this.#port, database);
  }

  /** Returns when it is gone; at once if it was. */
  async stop(mode: StopMode = "fast"): Promise<void> {
    await inFolder(this.#cluster.folder, () => stopPostmaster(this.#cluster, mode));
  }

  /** Stops and starts, at the same port. */
  async restart(mode: StopMode = "fast"): Promise<void> {
    await this.stop(mode);
    const port = await inFolder(this.#cluster.folder, () => startPostmaster(this.#cluster, this.#port));
    if (port === this.#port) return;
    throw new QuireError(
      "database_unavailable",
      `Another process started the database in ${this.#cluster.folder} meanwhile, at port ${port}: start anew.`,
    );
  }
}

/** The url of the cluster that runs in `folder`, whoever started it; `null` if none runs or it is not ready. */
export async function runningUrl(folder: string): Promise<string | null> {
  return inFolder(folder, async () => {
    const path = await realpath(resolve(folder)).catch(() => resolve(folder));
    const { data, passwordFile } = clusterFiles(path);
    const running = await findPostmaster(data);
    if (!running?.ready) return null;
    const url = clusterUrl((await readFile(passwordFile, "utf8")).trim(), running.port);
    return (await answers(url)) ? url : null;
  });
}

/** Whatever a folder can refuse us, told with the folder and what to do. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof QuireError) throw cause;
    throw new QuireError(
      "database_unavailable",
      `The database in ${folder} is out of reach (${(cause as Error).message}): ` +
        "give this user access to the folder, or set QUIRE_HOME to another one.",
      { cause },
    );
  }
}
