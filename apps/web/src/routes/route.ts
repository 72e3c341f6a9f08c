import type { Config, ErrorCode } from "@quire/core";
import type { Logger } from "@quire/core/log";
import type { FileFormat } from "@quire/outputs";
import type { AuditLog, Database, FileStore, KeptOutputs } from "@quire/store";
import type { Express, Request, Response } from "express";
import type { GenericSchema } from "valibot";
import { type Audited, recorded } from "../audit/recorded.ts";
import type { EventHub } from "../events/eventHub.ts";
import type { Intake } from "../intake/intake.ts";
import type { Caller, Callers } from "../signIn/callers.ts";
import type { ResumableUploads } from "../uploads/resumableUploads.ts";
import { assertOperator } from "./assertOperator.ts";
import { type Parameters, readParameters, type Values } from "./parameters.ts";

/** What answers are made from. */
export interface Services {
  readonly config: Config;
  readonly version: string;
  readonly database: Database;
  readonly callers: Callers;
  readonly files: FileStore;
  readonly outputs: KeptOutputs<FileFormat>;
  readonly intake: Intake;
  readonly uploads: ResumableUploads;
  readonly events: EventHub;
  readonly audit: AuditLog;
  readonly log: Logger;
}

/** One request, whoever asks. */
export interface Asked<Query> {
  readonly request: Request;
  readonly response: Response;
  readonly services: Services;
  /** `{id}` of the path, whatever stands there. */
  readonly id: string;
  readonly query: Query;
}

/** One request, and whose it is. */
export interface Call<Query> extends Asked<Query>, Caller {}

/** Who may ask: whoever owns what is asked about, whoever runs Quire, or anybody. */
export type Access = "owner" | "operator" | "anybody";

/** What may come back with a status, for the documentation. */
export interface Answer {
  readonly description: string;
  /** Of JSON. */
  readonly schema?: GenericSchema;
  /** Of anything else: its content types. Neither: there is no body. */
  readonly types?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** What may be sent, for the documentation: a JSON Schema for each content type. */
export interface Sent {
  readonly description: string;
  readonly types: Readonly<Record<string, object>>;
}

export type Method = "get" | "post" | "delete" | "patch" | "head" | "options";

/** One operation of the API: what the server does, and what the documentation says of it. */
export interface Route {
  readonly method: Method;
  /** As OpenAPI writes it: `/api/documents/{id}`. */
  readonly path: string;
  /** Its name, for programs that are made from the documentation. */
  readonly name: string;
  readonly summary: string;
  readonly query: Parameters;
  /** Headers that it heeds, and what they mean. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sent: Sent | null;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Beside those that every request may meet. */
  readonly refusals: readonly ErrorCode[];
  readonly access: Access;
  readonly audit: Audited;
  handle(call: Call<Values<Parameters>>): Promise<void> | void;
}

type Definition<Query extends Parameters, Given> = Pick<
  Route,
  "method" | "path" | "name" | "summary" | "answers"
> &
  Partial<Pick<Route, "headers" | "sent" | "refusals">> & {
    readonly query?: Query;
    handle(call: Given): Promise<void> | void;
  };

/** An operation on what an owner has: each says what it is to the audit log. */
export function route<Query extends Parameters = Record<never, never>>(
  definition: Definition<Query, Call<Values<Query>>> & Pick<Route, "audit">,
): Route {
  return { query: {}, headers: {}, sent: null, refusals: [], access: "owner", ...definition } as Route;
}

/** An operation that is nobody's own. */
export function openRoute<Query extends Parameters = Record<never, never>>(
  definition: Definition<Query, Asked<Values<Query>>> &
    Partial<Pick<Route, "audit">> & { readonly access: Exclude<Access, "owner"> },
): Route {
  return { query: {}, headers: {}, sent: null, refusals: [], audit: "nothing", ...definition } as Route;
}

/** Has the server answer these. */
export function serve(app: Express, routes: readonly Route[], services: Services): void {
  for (const each of routes) {
    app[each.method](expressPath(each.path), async (request, response) => {
      if (each.access === "operator") assertOperator(request, services);
      const caller = each.access === "owner" ? await services.callers.identify(request) : null;
      // Whoever left while that was found out: what would wait for the rest of the request would wait for ever.
      if (request.destroyed || response.destroyed) return;
      const query = readParameters(request.url, each.query);
      const asked = { request, response, services, id: `${request.params.id}`, query };
      // Who is no owner is given to no operation that asks for one: see `openRoute`.
      const call = { ...asked, ...caller } as Call<Values<Parameters>>;
      await recorded(each.audit, call, () => each.handle(call));
    });
  }
}

export function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
