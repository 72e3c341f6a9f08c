import pg from "pg";

/** What Supabase's Auth says of a signed-in user: the payload of an access token, whose signature has been verified. */
export interface UserClaims {
  /** The user's id, as `auth.uid()` gives it. */
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** The role comes last: whoever has it may not be allowed to set the rest. No row comes back. */
const becomeUser = `
  select where set_config('request.jwt.claims', $1, true) is null or set_config('role', 'authenticated', true) is null`;

/** Methods of the library's query and connection that its types leave out; pg-cursor stands on the same ones. */
interface Preparing {
  prepare(connection: Connection): void;
}
interface Connection {
  parse(statement: { text: string; name: string }): void;
  bind(values: { portal: string; statement: string; values: readonly string[] }): void;
  execute(portal: { portal: string; rows: number }): void;
}

/**
 * One statement on behalf of a signed-in user. Role and claims are set in front of it without a `Sync` between
 * (PostgreSQL's documentation, "Extended Query", 54.2.3): both are one implicit transaction and one round trip. When it
 * ends, however it ends, so do role and claims: there is no statement that could be forgotten or lost.
 */
export class UserQuery extends pg.Query implements Preparing {
  readonly #claims: string;

  constructor(claims: UserClaims, text: string, values: readonly unknown[]) {
    super({ text, values: [...values], queryMode: "extended" } as pg.QueryConfig);
    this.#claims = JSON.stringify(claims);
  }

  run<Row extends object>(client: pg.ClientBase): Promise<Row[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
    const done = (error: Error | null, results: unknown) =>
      error ? reject(error) : resolve(rowsOf(results));
    (client.query as (query: pg.Query, done: unknown) => void).call(client, this, done);
    return promise;
  }

  /** Called by the library when it is this query's turn. */
  prepare(connection: Connection): void {
    connection.parse({ text: becomeUser, name: "" });
    connection.bind({ portal: "", statement: "", values: [this.#claims] });
    connection.execute({ portal: "", rows: 0 });
    (pg.Query.prototype as unknown as Preparing).prepare.call(this, connection);
  }
}

/** Rows of the statement itself: the library hands over one result for each that ran. */
function rowsOf<Row>(results: unknown): Row[] {
  const last = Array.isArray(results) ? results.at(-1) : results;
  return (last as pg.QueryResult).rows as Row[];
}
