import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Claims, claimsOf, signToken } from "./tokens.ts";

/** One of Supabase's services: answers whatever lies below its path. */
export interface Service {
  /** Such as `/storage/v1`. */
  readonly path: string;
  /** @param url the request's, with the path below the service's, such as `/object/documents/a` */
  answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
  close(): Promise<void>;
}

/** What the services of one project share. */
export interface Project {
  readonly url: string;
  /** The project's Postgres, migrated. */
  readonly databaseUrl: string;
  readonly anonKey: string;
  readonly serviceRoleKey: string;
  readonly jwtSecret: string;
  /** How a service knows whose a token is: null if it is nobody's any more. */
  readonly verify: (token: string) => Promise<Claims | null>;
}

export interface SupabaseOptions<Services> {
  readonly databaseUrl: string;
  /** Makes the services once the project's address is known. */
  readonly services: (project: Project) => Promise<Services>;
  /** Instead of the project's secret: where Auth signs with keys of its own. */
  readonly verify?: (token: string, project: Project) => Promise<Claims | null>;
}

const yearSeconds = 365 * 24 * 3600;

/**
 * A stand-in of a Supabase project: one HTTP server on loopback for all its services, as the gateway of a project is
 * one address. Pages of any origin may ask it, as they may Supabase.
 */
export async function startSupabase<Services extends Readonly<Record<string, Service>>>({
  databaseUrl,
  services: makeServices,
  verify,
}: SupabaseOptions<Services>): Promise<Project & { readonly services: Services; close(): Promise<void> }> {
  let services: readonly Service[] = [];
  const server = createServer((request, response) => {
    allowAnyOrigin(request, response);
    if (request.method === "OPTIONS" && request.headers["access-control-request-method"]) {
      response.writeHead(204).end();
      return;
    }
    const url = new URL(request.url ?? "/", "http://supabase.invalid");
    const service = services.find(({ path }) => url.pathname.startsWith(`${path}/`));
    if (!service) {
      response.writeHead(404, { "content-type": "application/json" }).end('{"message":"no Route matched"}');
      return;
    }
    url.pathname = url.pathname.slice(service.path.length);
    service.answer(request, response, url).catch((error) => {
      // A fault of the stand-in itself: seen in the test's output, and by its client.
      console.error(error);
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const jwtSecret = randomBytes(32).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + yearSeconds;
  const project: Project = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    databaseUrl,
    anonKey: signToken({ role: "anon", exp }, jwtSecret),
    serviceRoleKey: signToken({ role: "service_role", exp }, jwtSecret),
    jwtSecret,
    verify: async (token) => claimsOf(token, jwtSecret) ?? (await verify?.(token, project)) ?? null,
  };
  const made = await makeServices(project);
  services = Object.values(made);
  const close = async () => {
    server.closeAllConnections();
    server.close();
    for (const service of services) await service.close();
  };
  return { ...project, services: made, close };
}

/** Every header that is asked for, and every one of the answers, those of resumable uploads included. */
function allowAnyOrigin(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  response.setHeader(
    "access-control-allow-headers",
    request.headers["access-control-request-headers"] ?? "*",
  );
  response.setHeader(
    "access-control-expose-headers",
    "content-range, etag, location, retry-after, tus-resumable, upload-length, upload-offset, upload-expires",
  );
}
