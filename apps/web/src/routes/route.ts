import type { Config, ErrorCode } from "@quire/core";
import type { Logger } from "@quire/core/log";
import { type Database, type FileStore, OwnedDocuments } from "@quire/store";
import type { Express, Request, Response } from "express";
import type { GenericSchema } from "valibot";
import type { EventHub } from "../events/eventHub.ts";
import type { Intake } from "../intake/intake.ts";
import type { ResumableUploads } from "../uploads/resumableUploads.ts";
import { ownerOf } from "./ownerOf.ts";
import { type Parameters, readParameters, type Values } from "./parameters.ts";

/** What answers are made from. */
export interface Services {
  readonly config: Config;
  readonly version: string;
  readonly database: Database;
  readonly files: FileStore;
  readonly intake: Intake;
  readonly uploads: ResumableUploads;
  readonly events: EventHub;
  readonly log: Logger;
}

/** One request, and whose it is. */
export interface Call<Query> {
  readonly request: Request;
  readonly response: Response;
  readonly services: Services;
  readonly ownerId: string;
  readonly documents: OwnedDocuments;
  /** `{id}` of the path, whatever stands there. */
  readonly id: string;
  readonly query: Query;
}

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
  handle(call: Call<Values<Parameters>>): Promise<void> | void;
}

type Definition<Query extends Parameters> = Pick<Route, "method" | "path" | "name" | "summary" | "answers"> &
  Partial<Pick<Route, "headers" | "sent" | "refusals">> & {
    readonly query?: Query;
    handle(call: Call<Values<Query>>): Promise<void> | void;
  };

export function route<Query extends Parameters = Record<never, never>>(definition: Definition<Query>): Route {
  return { query: {}, headers: {}, sent: null, refusals: [], ...definition } as Route;
}

/** Has the server answer these. */
export function serve(app: Express, routes: readonly Route[], services: Services): void {
  for (const each of routes) {
    app[each.method](expressPath(each.path), (request, response) => {
      const ownerId = ownerOf(request);
      return each.handle({
        request,
        response,
        services,
        ownerId,
        documents: new OwnedDocuments(services.database, ownerId),
        id: `${request.params.id}`,
        query: readParameters(request.url, each.query),
      });
    });
  }
}

export function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
