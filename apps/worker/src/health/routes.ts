import type { Config } from "@quire/core";
import { describeError, type Logger } from "@quire/core/log";
import { carriesToken } from "@quire/core/token";
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from "express";
import { assess } from "./assess.ts";
import { briefReport, healthReport, readyReport } from "./healthReport.ts";
import type { Metrics } from "./metrics.ts";
import type { Vitals } from "./vitals.ts";

export interface Answers {
  readonly config: Config["health"];
  readonly vitals: () => Vitals;
  readonly metrics: Metrics;
  readonly log: Logger;
}

const methods = ["GET", "HEAD"];

/** The answers of a worker about itself: `/health`, `/ready`, `/metrics`; all else is 404. */
export function routes({ config, vitals, metrics, log }: Answers): Express {
  const mayKnow = ({ headers }: Request) => carriesToken(headers.authorization, config.token);
  const app = express();
  app.disable("x-powered-by");
  // Every answer is of this moment: nothing to compare, nothing to keep.
  app.disable("etag");
  app.set("query parser", false);

  app.use(({ method }, response, next) => {
    response.set("Cache-Control", "no-store");
    if (methods.includes(method)) return next();
    response.set("Allow", methods.join(", "));
    refuse(response, 405, "method_not_allowed", `Only ${methods.join(" and ")}.`);
  });
  app.get("/health", (request, response) => {
    const report = healthReport(vitals(), new Date());
    response.status(report.healthy ? 200 : 503).json(mayKnow(request) ? report : briefReport(report));
  });
  app.get("/ready", (request, response) => {
    const assessment = assess(vitals(), new Date());
    const report = mayKnow(request) ? readyReport(assessment) : briefReport(assessment);
    response.status(assessment.ready ? 200 : 503).json(report);
  });
  app.get("/metrics", async (request, response) => {
    if (!mayKnow(request)) {
      response.set("WWW-Authenticate", "Bearer");
      return refuse(response, 401, "unauthorized", "Send the OPERATIONS_TOKEN: Authorization: Bearer …");
    }
    const text = await metrics.text(vitals(), new Date());
    response.set("Content-Type", metrics.contentType).send(text);
  });
  app.use((_request, response) => {
    refuse(response, 404, "not_found", "There are /health, /ready and /metrics.");
  });
  const onError: ErrorRequestHandler = (error, { path }, response, next) => {
    // A path that cannot be decoded is the asker's fault.
    const status = (error as { status?: unknown }).status === 400 ? 400 : 500;
    if (status === 500) log.error({ error: describeError(error), path: known(path) }, "an answer failed");
    if (response.headersSent) return next(error);
    if (status === 400) return refuse(response, 400, "bad_request", "The request cannot be understood.");
    refuse(response, 500, "internal_error", "A fault of Quire's own; the worker's log has the cause.");
  };
  app.use(onError);
  return app;
}

function refuse(response: Response, status: number, code: string, message: string): void {
  response.status(status).json({ error: { code, message } });
}

/** A stranger's path may be anything: only our own are logged. */
function known(path: string): string | undefined {
  return ["/health", "/ready", "/metrics"].find((own) => own === path);
}
