import { tmpdir } from "node:os";
import type { Config } from "@quire/core";
import { Database, Documents, type InstallationFiles } from "@quire/store";
import { databaseUrlOf, filesOf } from "../installation.ts";

/** Somebody waits, and a check is bounded anyway. */
const retrySeconds = 2;
const poolSize = 2;

/** What checks have in common: opened when the first of them needs it, and closed at the end. */
export class DoctorContext {
  readonly config: Config;
  #url: Promise<string> | null = null;
  #database: Promise<Database> | null = null;

  constructor(config: Config) {
    this.config = config;
  }

  get tempDir(): string {
    return this.config.tempDir ?? tmpdir();
  }

  /** @throws QuireError `database_unavailable` if no database is named and none runs here */
  databaseUrl(): Promise<string> {
    this.#url ??= databaseUrlOf(this.config);
    return this.#url;
  }

  /** A database that has answered. @throws QuireError `database_unavailable` */
  database(): Promise<Database> {
    this.#database ??= this.#connect();
    return this.#database;
  }

  async files(): Promise<InstallationFiles> {
    return filesOf(this.config, new Documents(await this.database()));
  }

  async close(): Promise<void> {
    await (await this.#database?.catch(() => null))?.close();
  }

  async #connect(): Promise<Database> {
    const database = new Database(await this.databaseUrl(), {
      poolSize,
      retrySeconds,
      applicationName: "quire doctor",
    });
    try {
      await database.query("select");
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }
}
