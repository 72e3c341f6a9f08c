import { QuireError } from "@quire/core";
import type { Statements } from "../database.ts";

/** What may be done with a document without changing it. */
export const accesses = ["listed", "read", "watched", "searched", "downloaded", "exported"] as const;
export type Access = (typeof accesses)[number];

export interface AccessEntry {
  /** Whose documents; null: of all owners. */
  readonly ownerId: string | null;
  /** Null: none in particular. Of one that is none of the owner's nothing is logged. */
  readonly documentId: string | null;
  /** A user's id, or `operator`. */
  readonly actor: string;
  readonly action: Access;
  readonly requestId: string | null;
}

/** Something that was done: docs/operations.md says what each action is. */
export interface AuditEntry {
  /** A decimal number, rising. */
  readonly id: string;
  readonly at: string;
  readonly ownerId: string | null;
  readonly documentId: string | null;
  readonly actor: string;
  readonly action: string;
  readonly via: "api" | "cli" | "worker" | "database";
  readonly requestId: string | null;
  readonly figures: Readonly<Record<string, number>>;
}

export interface AuditFilter {
  readonly ownerId?: string | undefined;
  readonly documentId?: string | undefined;
  readonly since?: Date | undefined;
}

const entriesAtATime = 500;
const msPerHour = 3_600_000;
/** Of 100 bytes each. Who is forgotten is asked for in the database again, which knows as well. */
const accessesRemembered = 10_000;

/**
 * Who did what with which document. What changes a document is logged by the database itself; accesses are logged here,
 * each once an hour for the same actor, action and document, so that reading 142 pages is one entry.
 */
export class AuditLog {
  readonly #database: Statements;
  /** Logged in this hour. */
  readonly #logged = new Set<string>();
  #hour = 0;

  constructor(database: Statements) {
    this.#database = database;
  }

  /**
   * Logs an access, before what is asked for is handed out: what cannot be logged is not.
   *
   * @throws QuireError `database_unavailable`
   */
  async access({ ownerId, documentId, actor, action, requestId }: AccessEntry): Promise<void> {
    const key = `${actor} ${action} ${documentId ?? ownerId}`;
    if (this.#loggedThisHour().has(key)) return;
    const [row] = await this.#database.query<{ logged: boolean }>(
      "select quire.audit_access($1, $2, $3, $4, $5) as logged",
      [ownerId, documentId, actor, action, requestId],
    );
    // Of a document that is not there (yet) nothing is: it may be there within the hour.
    if (!row?.logged) return;
    if (this.#logged.size >= accessesRemembered) this.#logged.clear();
    this.#logged.add(key);
  }

  /** What was done, the oldest first. */
  async *entries({ ownerId, documentId, since }: AuditFilter): AsyncGenerator<AuditEntry, void, void> {
    for (let after = "0"; ; ) {
      const part: AuditEntry[] = await this.#database.query(
        `select a.id::text, to_json(a.at)#>>'{}' as at, a.owner_id as "ownerId", a.document_id as "documentId",
           a.actor, a.action, a.via, a.request_id as "requestId", a.figures
         from public.audit_log a
         where a.id > $1 and ($2::uuid is null or a.owner_id = $2) and ($3::uuid is null or a.document_id = $3)
           and ($4::timestamptz is null or a.at >= $4)
         order by a.id limit ${entriesAtATime}`,
        [after, ownerId ?? null, documentId ?? null, since ?? null],
      );
      yield* part;
      const last = part.at(-1);
      if (!last || part.length < entriesAtATime) return;
      after = last.id;
    }
  }

  /** Adds what an operator did that is no change of a document: counts and nothing else. */
  async note(
    action: string,
    { ownerId, documentId }: { ownerId: string | null; documentId: string | null },
    figures: Readonly<Record<string, number>>,
  ): Promise<void> {
    await this.#database.query("select quire.audit($1, $2, $3, $4)", [ownerId, documentId, action, figures]);
  }

  #loggedThisHour(): Set<string> {
    const hour = Math.floor(Date.now() / msPerHour);
    if (hour !== this.#hour) this.#logged.clear();
    this.#hour = hour;
    return this.#logged;
  }
}

/** @throws QuireError `invalid_request` unless it is a UUID */
export function assertOwnerId(id: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase();
  throw new QuireError("invalid_request", "An owner's id is a UUID, such as `quire audit` shows it.");
}
