import { QuireError } from "@quire/core";
import type { RequestHandler } from "express";

/** What is asked for is a path: no URL of another host, and no `*`. */
export const pathsOnly: RequestHandler = (request, _response, next) => {
  if (!request.url.startsWith("/"))
    throw new QuireError("invalid_request", 'The request must ask for a path that begins with "/".');
  next();
};
