import { setTimeout as delay } from "node:timers/promises";
import { type ErrorCode, isErrorCode, QuireError } from "@quire/core";
import pg from "pg";
import { requestIdNow } from "./audit/onRequest.ts";
import { documentErased, documentNotFound, originalErased } from "./documents/documentId.ts";
import { type UserClaims, UserQuery } from "./userQuery.ts";

/** Where statements are run, each by itself. */
export interface Statements {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Rows of a statement, or statements in a transaction. What pg-boss calls a database fits it too. */
export interface Session extends Statements {
  /** The same, in the form that pg-boss takes as its `db` option. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

export interface DatabaseOptions {
  /** Connections at most, unless the URL says so itself (`max`, `pool_size` or `connection_limit`). */
  readonly poolSize: number;
  /** How long a lost connection is tried again before an operation fails with `database_unavailable`. */
  readonly retrySeconds?: number;
  readonly applicationName?: string;
  /** By which way those come for whom statements are run, for the audit log. */
  readonly via?: "api" | "cli" | "worker";
}

/** A statement that takes longer is ended by the server: every one of ours reads or writes one document. */
const statementTimeoutMs = 30_000;
/** The server's own limit comes first, unless the server has vanished without a word. */
const answerWithinMs = 40_000;
const connectTimeoutMs = 10_000;
const retryAfterMs = { first: 50, most: 3_000 };

/** A pool of connections to Postgres that survives the loss of any of them. */
export class Database implements Session {
  readonly url: string;
  readonly poolSize: number;
  readonly #pool: pg.Pool;
  readonly #retryMs: number;
  readonly #closing = new AbortController();
  #reachedAt: Date | null = null;
  #awaySince: Date | null = null;

  constructor(url: string, { poolSize, retrySeconds = 45, applicationName = "quire", via }: DatabaseOptions) {
    this.url = url;
    this.poolSize = poolSizeOf(url) ?? poolSize;
    this.#retryMs = retrySeconds * 1000;
    this.#pool = new pg.Pool({
      ...clientConfig(url),
      max: this.poolSize,
      application_name: applicationName,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: statementTimeoutMs,
      query_timeout: answerWithinMs,
      idleTimeoutMillis: 30_000,
      // Not as a startup parameter: a pooler in front of the database does not pass those on.
      ...(via && { onConnect: (client: pg.ClientBase) => client.query(`set quire.via = '${via}'`) }),
    });
    // An idle connection that breaks is no event: the next query opens another.
    this.#pool.on("error", () => {});
  }

  /** When it last answered; null: not once yet. */
  get reachedAt(): Date | null {
    return this.#reachedAt;
  }

  /** Since when it has not answered; null while it does. */
  get awaySince(): Date | null {
    return this.#awaySince;
  }

  /** Connections in use, and how many there may be. */
  get connections(): { readonly used: number; readonly limit: number } {
    return { used: this.#pool.totalCount - this.#pool.idleCount, limit: this.poolSize };
  }

  /**
   * Runs one statement. It is tried again with backoff when the connection is lost, also when it may have been
   * carried out: use it for statements that may run twice.
   *
   * @throws QuireError the code a function of the schema raised; `database_unavailable`
   */
  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    if (requestIdNow() !== null) return this.transaction((session) => session.query<Row>(text, values));
    return this.retrying(async () => {
      const { rows } = await this.#pool.query<Row>(text, [...values]);
      return rows;
    });
  }

  /**
   * Where each statement is run as this signed-in user: as role `authenticated`, with the claims that `auth.uid()` and
   * the policies go by, in a transaction of its own that takes one round trip. Tried again like {@link query}.
   */
  asUser(claims: UserClaims): Statements {
    return {
      query: <Row extends object>(text: string, values: readonly unknown[] = []) =>
        this.retrying(() => this.#asUser<Row>(new UserQuery(claims, text, values, requestIdNow()))),
    };
  }

  async executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
    // Not tried again: pg-boss does so in its own rhythm. Several statements at once have no values and an array
    // of results, of which pg-boss takes the rows itself.
    return await this.#pool.query(text, values);
  }

  /** Runs `work` in one transaction, tried again like {@link query}. */
  async transaction<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.retrying(async () => {
      const client = await this.#pool.connect();
      // A connection that breaks between two statements fails the next one; nobody else needs to hear of it.
      const ignore = () => {};
      client.on("error", ignore);
      let broken = true;
      try {
        await client.query(begin());
        try {
          const result = await work(sessionOf(client));
          await client.query("commit");
          broken = false;
          return result;
        } catch (error) {
          await client.query("rollback");
          broken = false;
          throw error;
        }
      } finally {
        client.off("error", ignore);
        client.release(broken);
      }
    });
  }

  /** What fails from now on is not tried again: there is no time left. */
  stopRetrying(): void {
    this.#closing.abort();
  }

  async close(): Promise<void> {
    this.stopRetrying();
    await this.#pool.end();
  }

  /** A refusal of the database's leaves the connection as good as it was: the library's pool would close it. */
  async #asUser<Row extends object>(query: UserQuery): Promise<Row[]> {
    const client = await this.#pool.connect();
    const ignore = () => {};
    client.on("error", ignore);
    let broken = true;
    try {
      const rows = await query.run<Row>(client);
      broken = false;
      return rows;
    } catch (error) {
      broken = !(error instanceof pg.DatabaseError) || error.severity === "FATAL";
      throw error;
    } finally {
      client.off("error", ignore);
      client.release(broken);
    }
  }

  /** Tries again, with backoff, what failed because a connection was lost. */
  async retrying<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const deadline = performance.now() + this.#retryMs;
    for (let waitMs = retryAfterMs.first; ; waitMs = Math.min(waitMs * 2, retryAfterMs.most)) {
      try {
        const result = await attempt();
        this.#reachedAt = new Date();
        this.#awaySince = null;
        return result;
      } catch (error) {
        if (isTransient(error) && !isConflict(error)) this.#awaySince ??= new Date();
        if (this.#closing.signal.aborted || !isTransient(error) || performance.now() + waitMs > deadline)
          throw translate(error);
        // Half fixed, half random: a fleet does not come back in one wave.
        await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal: this.#closing.signal }).catch(
          () => {},
        );
      }
    }
  }
}

/**
 * Opens one connection beside a pool, for what needs one of its own.
 *
 * @throws QuireError `database_unavailable`
 */
export async function connectClient(url: string, applicationName: string): Promise<pg.Client> {
  const client = new pg.Client({ ...clientConfig(url), application_name: applicationName });
  // A connection that breaks fails the next statement on it; nobody else needs to hear of it.
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw translate(error);
  }
}

/** The configuration of one connection, without the pool parameters that our URLs may carry. */
export function clientConfig(url: string): pg.ClientConfig {
  const bare = new URL(url);
  for (const name of poolParameters) bare.searchParams.delete(name);
  return {
    connectionString: bare.href,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  };
}

/** A request's id is a UUID that we made. */
function begin(): string {
  const requestId = requestIdNow();
  return requestId === null ? "begin" : `begin; set local quire.request = '${requestId}'`;
}

const poolParameters = ["max", "pool_size", "connection_limit"];

function poolSizeOf(url: string): number | null {
  const { searchParams } = new URL(url);
  const name = poolParameters.find((candidate) => searchParams.has(candidate));
  if (name === undefined) return null;
  const size = Number(searchParams.get(name));
  if (Number.isInteger(size) && size >= 1) return size;
  throw new QuireError("invalid_configuration", `DATABASE_URL: ${name} is no whole number of at least 1.`);
}

function sessionOf(client: pg.ClientBase): Session {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      const { rows } = await client.query<Row>(text, [...values]);
      return rows;
    },
    executeSql: (text, values) => client.query(text, values),
  };
}

/**
 * SQLSTATE classes: connection exception, deadlock and serialisation, server shutting down or starting up, too many
 * connections; read-only, as after a failover.
 */
const transientStates = /^(08...|40...|57P0[123]|53300|25006)$/;
/** Deadlock and serialisation: the database is there, and had somebody else in the way. */
const isConflict = (error: unknown) => /^40...$/.test(String((error as { code?: unknown }).code));
const transientSocketErrors = new Set([
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ERR_STREAM_DESTROYED",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENOTFOUND",
]);

/** Whether the same statement may go through on another connection, or a little later. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // What was translated already: a connection of its own could not be opened.
  if (error instanceof QuireError) return isTransient(error.cause);
  const { code } = error as { code?: unknown };
  // Supabase's session pooler has given all its connections away (SQLSTATE XX000): at a deploy, for a minute.
  if (/max client/i.test(error.message)) return true;
  if (typeof code === "string") return transientStates.test(code) || transientSocketErrors.has(code);
  return /connection (terminated|ended|timeout)|timeout (exceeded|expired)|read timeout|not queryable/i.test(
    error.message,
  );
}

/** What our functions raise by name becomes a QuireError; a lost connection `database_unavailable`. */
function translate(error: unknown): unknown {
  if (error instanceof QuireError || !(error instanceof Error)) return error;
  const { code, message, detail, constraint } = error as pg.DatabaseError;
  if (code?.startsWith("PT") && isErrorCode(message))
    return new QuireError(message, [detail, remedies[message]].filter(Boolean).join(" "), { cause: error });
  if (code === checkViolation)
    return new QuireError("invalid_document", `A value is not allowed here (${constraint}).`, {
      cause: error,
    });
  if (isTrouble(code)) {
    return new QuireError(
      "database_unavailable",
      `The database cannot do its work (SQLSTATE ${code}). Check DATABASE_URL, and its log, load and disk space.`,
      { cause: error },
    );
  }
  if (isTransient(error) || /SSL|TLS|SASL|certificate/.test(message)) {
    return new QuireError(
      "database_unavailable",
      "The database does not answer. Check DATABASE_URL, and that Postgres runs.",
      { cause: error },
    );
  }
  return error;
}

const checkViolation = "23514";

/** Errors of the server (full, slow, broken) or of getting in, not those of data or of a statement that is wrong. */
function isTrouble(code: string | undefined): boolean {
  return code !== undefined && /^(25|28|3D|53|54|55|57|58|XX)/.test(code);
}

const remedies: Partial<Record<ErrorCode, string>> = {
  owner_queue_full: "Wait until some are read.",
  queue_full: "Wait until some are read, or start more workers.",
  internal_error: "Please report it with the worker's log.",
  too_many_webhooks: "Remove one first.",
  webhook_busy: "A thousand messages wait for this webhook already. See why it fails, or remove it.",
  document_not_found: documentNotFound().message,
  document_erased: documentErased().message,
  original_erased: originalErased().message,
  document_busy:
    "The document is waiting, being read or complete. Wait for it, or cancel it first; a complete one can be reprocessed.",
};
