import type { ErrorCode } from "@quire/core";
import {
  type ConversionConfig,
  type JsonSchema,
  toJsonSchema,
  toJsonSchemaDefs,
} from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { statusOf } from "../http/problem.ts";
import type { Answer, Route } from "../routes/route.ts";
import * as shapes from "./shapes.ts";

/** Of every request: what cannot be read, what is away or broken. */
const always: readonly ErrorCode[] = ["invalid_request", "database_unavailable", "internal_error"];
/** Where nobody signs in: who asks from another site or under another name. */
const ofOtherSites: readonly ErrorCode[] = ["cross_site_request", "forbidden_host"];
/** Where people sign in, of what is an owner's. */
const ofTokens: readonly ErrorCode[] = [
  ...(["sign_in_required", "token_expired", "token_invalid", "sign_in_unavailable"] as const),
];

const securitySchemes = {
  user: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "Where people sign in (`signIn` of /api/settings): a user's access token, as Supabase's Auth gives it.",
  },
  operator: { type: "http", scheme: "bearer", description: "The OPERATIONS_TOKEN, where one is set." },
};

/** The schemas by the names that they have in the document. */
const named: Readonly<Record<string, GenericSchema>> = {
  Document: shapes.DocumentSchema,
  DocumentList: shapes.DocumentListSchema,
  Page: shapes.PageSchema,
  PageWithWords: shapes.PageWithWordsSchema,
  PageList: shapes.PageListSchema,
  Search: shapes.SearchSchema,
  Added: shapes.AddedSchema,
  Settings: shapes.SettingsSchema,
  Operations: shapes.OperationsSchema,
  Memory: shapes.MemorySchema,
  Problem: shapes.ProblemSchema,
};
/** JSON has no number that is not finite. */
const conversion: ConversionConfig = { target: "draft-2020-12", ignoreActions: ["finite"] };
const reference = (name: string) => `#/components/schemas/${name}`;

/** The documentation of the API (OpenAPI 3.1), made from what the server serves. @param signsIn whether people sign in */
export function openApi(routes: readonly Route[], version: string, signsIn = false): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const each of routes) {
    const path = paths[each.path] ?? {};
    path[each.method] = operation(each, signsIn);
    paths[each.path] = path;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Quire",
      version,
      description:
        "Documents to recognised pages. Refusals are problem details (RFC 9457); docs/errors.md has every code.",
    },
    paths,
    components: {
      securitySchemes,
      schemas: toJsonSchemaDefs(named, {
        ...conversion,
        overrideRef: ({ referenceId }) => reference(referenceId),
      }),
    },
  };
}

function operation(of: Route, signsIn: boolean): object {
  return {
    operationId: of.name,
    summary: of.summary,
    security: securityOf(of, signsIn),
    parameters: [...inPath(of), ...inQuery(of), ...inHeader(of)],
    ...(of.sent && {
      requestBody: {
        description: of.sent.description,
        content: Object.fromEntries(
          Object.entries(of.sent.types).map(([type, schema]) => [type, { schema }]),
        ),
      },
    }),
    responses: { ...refusals(of, signsIn), ...answers(of) },
  };
}

/** What a request must carry; without a scheme it may come without (OpenAPI 3.1, "Security Requirement Object"). */
function securityOf({ access }: Route, signsIn: boolean): object[] {
  if (access === "operator") return signsIn ? [{ operator: [] }] : [{ operator: [] }, {}];
  return access === "owner" && signsIn ? [{ user: [] }] : [];
}

function inPath({ path }: Route): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: name === "id" ? { type: "string", format: "uuid" } : { type: "integer", minimum: 1 },
  }));
}

function inQuery({ query }: Route): object[] {
  return Object.entries(query).map(([name, { description, schema }]) => ({
    name,
    in: "query",
    description,
    schema,
  }));
}

function inHeader({ headers }: Route): object[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: "header",
    description,
    schema: { type: "string" },
  }));
}

function answers({ answers }: Route): Record<string, object> {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, response(answer)]));
}

function response({ description, schema, types = [], headers = {} }: Answer): object {
  const content = schema
    ? { "application/json": { schema: schemaOf(schema) } }
    : Object.fromEntries(types.map((type) => [type, {}]));
  const documented = Object.entries(headers).map(([name, meaning]) => [
    name,
    { description: meaning, schema: { type: "string" } },
  ]);
  return {
    description,
    ...(Object.keys(content).length > 0 && { content }),
    ...(documented.length > 0 && { headers: Object.fromEntries(documented) }),
  };
}

function schemaOf(schema: GenericSchema): JsonSchema {
  const name = Object.keys(named).find((each) => named[each] === schema);
  if (name !== undefined) return { $ref: reference(name) };
  const { $schema: _, ...inline } = toJsonSchema(schema, conversion);
  return inline;
}

/** By status, as several codes may come with one. */
function refusals(of: Route, signsIn: boolean): Record<string, object> {
  const ofCaller = signsIn ? (of.access === "owner" ? ofTokens : []) : ofOtherSites;
  const codes = [...new Set([...always, ...ofCaller, ...of.refusals])];
  const byStatus = Map.groupBy(codes, statusOf);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      status,
      {
        description: ofStatus.join(", "),
        content: { "application/problem+json": { schema: { $ref: reference("Problem") } } },
      },
    ]),
  );
}
