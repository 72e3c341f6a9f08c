import { Database, DiskFileStore } from "@quire/store";
import type { TestCluster } from "@quire/store/testing";
import { addWaiting } from "./waitingDocuments.ts";

/** Databases with so many documents waiting: filled once, then cloned for every round. */
export class FilledDatabases {
  readonly filesFolder: string;
  readonly #cluster: TestCluster;
  readonly #templates = new Map<number, string>();
  #clones = 0;

  constructor(cluster: TestCluster, filesFolder: string) {
    this.#cluster = cluster;
    this.filesFolder = filesFolder;
  }

  /** @returns the url of a database of its own */
  async clone(waiting: number): Promise<string> {
    const template = this.#templates.get(waiting) ?? (await this.#fill(waiting));
    const name = `scale_${this.#clones++}`;
    await this.#administer(`create database ${name} template ${template}`);
    return this.#cluster.postgres.urlOf(name);
  }

  async remove(url: string): Promise<void> {
    await this.#administer(`drop database ${new URL(url).pathname.slice(1)} with (force)`);
  }

  async #fill(waiting: number): Promise<string> {
    const url = await this.#cluster.createDatabase();
    await addWaiting(url, new DiskFileStore(this.filesFolder), waiting);
    const name = new URL(url).pathname.slice(1);
    this.#templates.set(waiting, name);
    return name;
  }

  async #administer(statement: string): Promise<void> {
    const database = new Database(this.#cluster.postgres.url, { poolSize: 1 });
    try {
      await database.query(statement);
      // What the next round writes is not to wait for what this one has written.
      await database.query("checkpoint");
    } finally {
      await database.close();
    }
  }
}
