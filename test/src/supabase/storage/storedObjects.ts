import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database } from "@quire/store";
import type { Claims } from "../tokens.ts";
import { accessDenied, alreadyExists, noSuchBucket, noSuchKey } from "./storageError.ts";

export interface Bucket {
  readonly id: string;
  readonly name: string;
  readonly public: boolean;
  readonly file_size_limit: string | null;
  readonly allowed_mime_types: string[] | null;
}

/** A row of storage.objects. */
export interface StoredObject {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly metadata: ObjectMetadata;
  readonly user_metadata: Record<string, unknown> | null;
}

export interface ObjectMetadata {
  readonly eTag: string;
  readonly size: number;
  readonly mimetype: string;
  readonly cacheControl: string;
  readonly lastModified: string;
  readonly contentLength: number;
  readonly httpStatusCode: number;
}

/** What is to be uploaded, or was. */
export interface Place {
  readonly bucket: string;
  readonly name: string;
  readonly upsert: boolean;
}

type Row = Record<string, unknown>;
const columns = "id, name, version, created_at, updated_at, metadata, user_metadata";
const privilege = "42501";
const uniqueViolation = "23505";

/**
 * Objects: rows of storage.objects in the project's Postgres, which its policies keep, and contents in a folder, each
 * version a file, so that who reads one while it is replaced reads the old one.
 */
export class StoredObjects {
  readonly #database: Database;
  readonly #folder = mkdtempSync(join(tmpdir(), "quire-storage-"));

  constructor(databaseUrl: string) {
    this.#database = new Database(databaseUrl, { poolSize: 4, applicationName: "storage stand-in" });
  }

  /** Where a version's content lies, or comes to lie. */
  pathOf(version: string): string {
    return join(this.#folder, version);
  }

  async bucket(id: string): Promise<Bucket> {
    const [bucket] = await this.#database.query<Bucket>("select * from storage.buckets where id = $1", [id]);
    if (!bucket) throw noSuchBucket();
    return bucket;
  }

  async createBucket({ id, ...bucket }: { id: string; [setting: string]: unknown }): Promise<void> {
    await this.#database.query(
      `insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
       values ($1, $1, $2, $3, $4)`,
      [id, bucket.public === true, bucket.file_size_limit ?? null, bucket.allowed_mime_types ?? null],
    );
  }

  /** The object, if this user may see it. */
  async find(claims: Claims, bucket: string, name: string): Promise<StoredObject> {
    const query = `select ${columns} from storage.objects where bucket_id = $1 and name = $2`;
    const [found] = await this.#as<StoredObject>(claims, query, [bucket, name]);
    if (!found) throw noSuchKey();
    return found;
  }

  /** Asks the policies whether this user may upload this: by doing it, and taking it back. */
  async assertMayUpload(claims: Claims, { bucket, name, upsert }: Place): Promise<void> {
    const overwrite = upsert ? "on conflict (bucket_id, name) do update set version = excluded.version" : "";
    await this.#as(
      claims,
      `insert into storage.objects (bucket_id, name, owner, owner_id, version)
       values ($1, $2, $3, $4, '0') ${overwrite} returning id`,
      [bucket, name, claims.sub ?? null, claims.sub ?? null],
      "rollback",
    );
  }

  /** Puts an uploaded version in its place, and removes the one that was there. */
  async place(
    claims: Claims,
    { bucket, name }: Place,
    version: string,
    metadata: ObjectMetadata,
    userMetadata: unknown = null,
  ): Promise<{ id: string }> {
    const { id, replaced } = await this.#database.transaction(async (session) => {
      await session.query("select pg_advisory_xact_lock(hashtext($1 || $2))", [bucket, name]);
      const [old] = await session.query<StoredObject>(
        "select version from storage.objects where bucket_id = $1 and name = $2",
        [bucket, name],
      );
      const [row] = await session.query<{ id: string }>(
        `insert into storage.objects (bucket_id, name, owner, owner_id, version, metadata, user_metadata)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (bucket_id, name) do update set version = excluded.version, metadata = excluded.metadata,
           owner = excluded.owner, owner_id = excluded.owner_id, user_metadata = excluded.user_metadata
         returning id`,
        [bucket, name, claims.sub ?? null, claims.sub ?? null, version, metadata, userMetadata],
      );
      return { id: row?.id ?? "", replaced: old?.version };
    });
    if (replaced) await rm(this.pathOf(replaced), { force: true });
    return { id };
  }

  /** Removes those of these names that this user may delete. */
  async remove(claims: Claims, bucket: string, names: readonly string[]): Promise<StoredObject[]> {
    const removed = await this.#as<StoredObject>(
      claims,
      `delete from storage.objects where bucket_id = $1 and name = any($2) returning ${columns}`,
      [bucket, names],
    );
    for (const { version } of removed) await rm(this.pathOf(version), { force: true });
    return removed;
  }

  /** Objects whose name begins so, after that one, in the order of their names' bytes. */
  async list(
    claims: Claims,
    bucket: string,
    { prefix, after, limit }: { prefix: string; after: string; limit: number },
  ): Promise<StoredObject[]> {
    return this.#as<StoredObject>(
      claims,
      `select ${columns} from storage.objects
       where bucket_id = $1 and starts_with(name, $2) and name > $3 collate "C" order by name collate "C" limit $4`,
      [bucket, prefix, after, limit],
    );
  }

  newVersion(): string {
    return randomUUID();
  }

  async close(): Promise<void> {
    await this.#database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs a statement as Storage does for whoever asks: as the token's role, with its claims. */
  async #as<Found extends object = Row>(
    claims: Claims,
    statement: string,
    values: readonly unknown[],
    end: "commit" | "rollback" = "commit",
  ): Promise<Found[]> {
    const undone = new Error("undone");
    let rows: Found[] = [];
    try {
      await this.#database.transaction(async (session) => {
        await session.query(
          `select set_config('role', $1, true), set_config('request.jwt.claims', $2, true),
             set_config('storage.can_delete', 'true', true)`,
          [claims.role, JSON.stringify(claims)],
        );
        rows = await session.query<Found>(statement, values);
        if (end === "rollback") throw undone;
      });
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      if (code === privilege) throw accessDenied(message);
      if (code === uniqueViolation) throw alreadyExists();
      if (error !== undone) throw error;
    }
    return rows;
  }
}
