/**
 * A stand-in for a project's Data API (PostgREST 13, behind the gateway), of which no npm package exists. It follows:
 *
 * - "Tables and Views": `GET /TABLE` with `select=a,b`, `COLUMN=eq.VALUE`, `order=COLUMN[.asc|.desc]`, `limit=N`;
 *   `POST /TABLE` with one object, or an array with `columns=`, without a representation (201);
 * - "Functions as RPC": `POST /rpc/FUNCTION` with named arguments in an object;
 * - "Singular or Plural": `Accept: application/vnd.pgrst.object+json` gives one row, else 406 with PGRST116;
 * - "Errors": `{ code, message, details, hint }`, with 403 for 42501, the last three digits of PTxyz, 409 for
 *   23505, 404 for an unknown table, else 400;
 * - "Authentication": role and claims are those of the bearer's token, so that the database's grants and policies decide;
 *   401 without a good one;
 * - the gateway: `apikey` is asked for.
 *
 * Nothing else: no other filters, no embedding, no updates, no counts, no schemas but `public`.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { Database } from "@quire/store";
import type { Project, Service } from "../supabase.ts";
import { answerRestError, RestError } from "./restError.ts";
import { callStatement, insertStatement, type Statement, selectStatement } from "./statements.ts";

const oneRow = "application/vnd.pgrst.object+json";

export class RestService implements Service {
  readonly path = "/rest/v1";
  readonly #project: Project;
  readonly #database: Database;

  constructor(project: Project) {
    this.#project = project;
    this.#database = new Database(project.databaseUrl, { poolSize: 2 });
  }

  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    try {
      if (!request.headers.apikey) throw new RestError(401, "PGRST301", "No API key found in request");
      const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
      const claims = await this.#project.verify(token);
      if (claims?.role !== "authenticated" || typeof claims.sub !== "string")
        throw new RestError(401, "PGRST301", "JWT could not be verified");
      const user = this.#database.asUser({ ...claims, sub: claims.sub });
      const statement = await statementOf(request, url);
      const rows = await user.query<{ result: unknown }>(statement.text, statement.values);
      answerRows(
        request,
        response,
        rows.map(({ result }) => result),
      );
    } catch (error) {
      answerRestError(response, error);
    }
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

async function statementOf(request: IncomingMessage, url: URL): Promise<Statement> {
  const [, first = "", second] = url.pathname.split("/");
  if (request.method === "GET" && second === undefined) return selectStatement(first, url.searchParams);
  if (request.method === "POST") {
    const body = await json(request);
    return first === "rpc" && second !== undefined
      ? callStatement(second, body)
      : insertStatement(first, body);
  }
  throw new RestError(405, "PGRST117", "Unsupported HTTP method");
}

function answerRows(request: IncomingMessage, response: ServerResponse, rows: readonly unknown[]): void {
  const isInsert = request.method === "POST" && !request.url?.includes("/rpc/");
  if (isInsert) {
    response.writeHead(201).end();
    return;
  }
  const wantsOne = request.headers.accept?.includes(oneRow) ?? false;
  if (wantsOne && rows.length !== 1)
    throw new RestError(406, "PGRST116", "Cannot coerce the result to a single JSON object");
  response.writeHead(200, { "content-type": wantsOne ? oneRow : "application/json" });
  response.end(JSON.stringify(wantsOne ? rows[0] : rows));
}
