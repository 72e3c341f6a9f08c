import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database, DiskFileStore, Documents } from "@quire/store";
import { startMigratedCluster, type TestCluster } from "@quire/store/testing";
import { Line } from "../browser/line.ts";
import { runQuire } from "../quire.ts";
import { signToken } from "../supabase/tokens.ts";
import { plantedWords } from "./plantedWords.ts";
import { WatchedProcess } from "./watchedProcess.ts";

/** Nothing answers there: tokens are verified by the shared secret, and files are in a folder. */
const projectUrl = "http://127.0.0.1:9";
/** Longer than any run. */
const signedInSeconds = 3_600;
const port = /"port":(\d+),"msg":"(?:web|health) server listens"/;

/** A worker and a web server as they run in production, told to log all they can, on a database that can be cut off. */
export class PlantedInstallation {
  readonly folder: string;
  readonly tempDir: string;
  readonly database: Database;
  readonly documents: Documents;
  /** Between the processes and the database. */
  readonly line: Line;
  readonly #cluster: TestCluster;
  readonly #databaseUrl: string;
  readonly #processes: WatchedProcess[] = [];
  #files: DiskFileStore | null = null;

  private constructor(folder: string, cluster: TestCluster, databaseUrl: string, line: Line) {
    this.folder = folder;
    this.tempDir = join(folder, "temp");
    this.#cluster = cluster;
    this.#databaseUrl = databaseUrl;
    this.line = line;
    this.database = new Database(databaseUrl, { poolSize: 3 });
    this.documents = new Documents(this.database);
    mkdirSync(this.tempDir);
  }

  static async open(): Promise<PlantedInstallation> {
    const folder = mkdtempSync(join(tmpdir(), "quire-leaks-"));
    chmodSync(folder, 0o711);
    const cluster = await startMigratedCluster();
    const url = await cluster.createDatabase();
    const installation = new PlantedInstallation(folder, cluster, url, await Line.to(url));
    const migrated = await runQuire(["migrate"], installation.env);
    if (migrated.code !== 0) throw new Error(migrated.stderr);
    return installation;
  }

  /** What the database's own password is. */
  get databasePassword(): string {
    return decodeURIComponent(new URL(this.#databaseUrl).password);
  }

  get env(): Record<string, string> {
    const url = new URL(this.#databaseUrl);
    url.port = new URL(this.line.url).port;
    return {
      DATABASE_URL: url.href,
      QUIRE_HOME: join(this.folder, "home"),
      FILE_STORE_DIR: join(this.folder, "files"),
      UPLOAD_DIR: join(this.folder, "uploads"),
      TEMP_DIR: this.tempDir,
      OPERATIONS_TOKEN: plantedWords.OPERATIONS_TOKEN,
      SUPABASE_URL: projectUrl,
      SUPABASE_ANON_KEY: "the-anon-key-is-no-secret",
      SUPABASE_SERVICE_ROLE_KEY: plantedWords.SUPABASE_SERVICE_ROLE_KEY,
      SUPABASE_JWT_SECRET: plantedWords.SUPABASE_JWT_SECRET,
      LOG_LEVEL: "debug",
      LOG_FORMAT: "json",
      PORT: "0",
      OCR_THREADS: "1",
      POLL_SECONDS: "1",
    };
  }

  /** The access token of a user, as Supabase's Auth signs them. */
  signIn(userId: string, email: string): string {
    const claims = {
      role: "authenticated",
      aud: "authenticated",
      iss: `${projectUrl}/auth/v1`,
      sub: userId,
      email,
      exp: Math.floor(Date.now() / 1000) + signedInSeconds,
    } as const;
    return signToken(claims, plantedWords.SUPABASE_JWT_SECRET);
  }

  /** Where the files are, past all that watches over them. */
  async files(): Promise<DiskFileStore> {
    this.#files ??= new DiskFileStore(join(this.folder, "files"), await this.documents.installationId());
    return this.#files;
  }

  /** @returns the process, and where it answers over HTTP */
  async start(command: "worker" | "web"): Promise<{ process: WatchedProcess; url: string }> {
    const process = new WatchedProcess([command], this.env);
    this.#processes.push(process);
    const [, listensOn] = await process.untilSaid(port);
    return { process, url: `http://127.0.0.1:${listensOn}` };
  }

  async close(): Promise<void> {
    for (const process of this.#processes) await process.stop();
    this.line.close();
    await this.database.close();
    await this.#cluster.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
