import { QuireError } from "@quire/core";
import express, { type Express } from "express";
import { problemHandler } from "./http/answerProblem.ts";
import { ownSiteOnly } from "./http/ownSiteOnly.ts";
import { pathsOnly } from "./http/pathsOnly.ts";
import { securityHeaders } from "./http/securityHeaders.ts";
import { servePages } from "./pages.ts";
import { expressPath, type Route, type Services, serve } from "./routes/route.ts";
import { signInOf } from "./signIn/signIn.ts";

/** What is asked for, from the outermost check to the answer. */
export function webApp(routes: readonly Route[], services: Services, pagesFolder: string): Express {
  const app = express();
  app.disable("x-powered-by");
  // What may be compared has a tag of its own.
  app.disable("etag");
  app.set("query parser", false);
  // One address for each thing.
  app.enable("case sensitive routing");
  app.enable("strict routing");
  app.use(securityHeaders(services.callers.signsIn ? signInOf(services.config) : null));
  app.use(pathsOnly);
  // A token is sent by whoever means to, and by no browser of itself: with it there is nothing to forge.
  if (!services.callers.signsIn) app.use(ownSiteOnly);
  app.use((_request, response, next) => {
    response.set("Cache-Control", "no-store");
    // What a browser has kept for one user is not for the next one.
    if (services.callers.signsIn) response.set("Vary", "Authorization");
    next();
  });
  serve(app, routes, services);
  refuseOtherMethods(app, routes);
  app.use(servePages(pagesFolder));
  app.use(() => {
    throw new QuireError("not_found", "There is no such address. /api/openapi.json lists those of the API.");
  });
  app.use(problemHandler(services.log));
  return app;
}

function refuseOtherMethods(app: Express, routes: readonly Route[]): void {
  const byPath = Map.groupBy(routes, ({ path }) => path);
  for (const [path, ofPath] of byPath) {
    const methods = ofPath.map(({ method }) => method.toUpperCase());
    const allowed = [
      ...new Set(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]))),
    ];
    app.all(expressPath(path), (_request, response) => {
      response.set("Allow", allowed.join(", "));
      throw new QuireError("method_not_allowed", `Here only ${allowed.join(", ")}.`);
    });
  }
}
