import { QuireError } from "@quire/core";
import type { Request, RequestHandler } from "express";
import { isLoopback } from "./loopback.ts";

/** RFC 9110, 7.2: a name or address, and perhaps a port. Nothing of a URL beside it. */
const hostAndPort = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const safeMethods = ["GET", "HEAD"];

/**
 * Where nobody signs in, whoever reaches the server owns its documents. A stranger's web page must not reach it
 * through the browser of somebody on this machine:
 *
 * - not under a name of its own that it points here (DNS rebinding): only loopback names and addresses are served;
 * - not across sites (CSRF): what a browser says comes from elsewhere is refused, but for links that are followed.
 *
 * Programs that are no browsers send neither `Origin` nor `Sec-Fetch-Site`.
 */
export const ownSiteOnly: RequestHandler = (request, _response, next) => {
  const host = request.headers.host ?? "";
  const name = hostAndPort.exec(host)?.[1];
  if (name === undefined || !isLoopback(name)) {
    throw new QuireError(
      "forbidden_host",
      "Only this machine's own addresses are served, as nobody signs in. Use http://localhost or http://127.0.0.1 with the port.",
    );
  }
  if (comesFromElsewhere(request, host)) {
    throw new QuireError(
      "cross_site_request",
      "Another site's page asked for this. Open Quire's own page; a program must not send an Origin.",
    );
  }
  next();
};

function comesFromElsewhere({ headers, method }: Request, host: string): boolean {
  const isSafe = safeMethods.includes(method);
  const site = headers["sec-fetch-site"];
  const isFollowed = isSafe && headers["sec-fetch-mode"] === "navigate" && !isEmbedded(headers);
  if (site !== undefined && site !== "same-origin" && site !== "none" && !isFollowed) return true;
  return (
    !isSafe && headers.origin !== undefined && headers.origin.toLowerCase() !== `http://${host}`.toLowerCase()
  );
}

function isEmbedded(headers: Request["headers"]): boolean {
  return headers["sec-fetch-dest"] !== undefined && headers["sec-fetch-dest"] !== "document";
}
