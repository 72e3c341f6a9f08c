import { rm } from "node:fs/promises";
import pg from "pg";
import { EmbeddedPostgres } from "../embedded/embeddedPostgres.ts";
import { TestFolder } from "./testFolder.ts";

const template = "quire_template";

/** What a database that no test outlives need not promise. */
const hasty = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_wal_size: "64MB" };

export interface TestClusterOptions {
  /** Keep what makes commits outlive a power cut, and slow. */
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
}

/** One cluster for a test file, and fresh databases cloned from a migrated template. */
export class TestCluster {
  readonly postgres: EmbeddedPostgres;
  readonly #folder: TestFolder;
  #databases = 0;
  #lastCreation: Promise<unknown> = Promise.resolve();

  private constructor(postgres: EmbeddedPostgres, folder: TestFolder) {
    this.postgres = postgres;
    this.#folder = folder;
  }

  /** Starts a cluster whose databases will all be as `prepareTemplate` leaves the one at the url it gets. */
  static async start(
    prepareTemplate: (url: string) => Promise<void>,
    { durable = false, settings = {} }: TestClusterOptions = {},
  ): Promise<TestCluster> {
    const folder = await TestFolder.make({ inMemory: !durable });
    try {
      const allSettings = { ...(durable ? {} : hasty), ...settings };
      const postgres = await EmbeddedPostgres.start({ folder: folder.path, settings: allSettings });
      const cluster = new TestCluster(postgres, folder);
      await cluster.#administer(`create database ${template}`);
      await prepareTemplate(postgres.urlOf(template));
      // Whoever connected to it now would keep it from being cloned.
      await cluster.#administer(`alter database ${template} with allow_connections false`);
      return cluster;
    } catch (error) {
      folder.release();
      throw error;
    }
  }

  /** A fresh database. One is made at a time: a template must not be in use, not even by another clone. */
  async createDatabase(): Promise<string> {
    const name = `quire_test_${++this.#databases}`;
    const creation = this.#lastCreation.then(() =>
      this.#administer(`create database ${name} template ${template}`),
    );
    this.#lastCreation = creation.catch(() => {});
    await creation;
    return this.postgres.urlOf(name);
  }

  /** Stops it and removes its folder. */
  async stop(): Promise<void> {
    await this.postgres.stop("immediate");
    await rm(this.#folder.path, { recursive: true, force: true });
    this.#folder.release();
  }

  async #administer(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.postgres.url, ssl: false });
    client.on("error", () => {});
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
}
