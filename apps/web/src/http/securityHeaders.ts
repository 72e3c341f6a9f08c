import type { RequestHandler } from "express";
import helmet from "helmet";
import type { SignIn } from "../signIn/signIn.ts";

/** Of a page of ours no power that it does not use. */
const permissions = ["camera", "microphone", "geolocation", "payment", "usb", "browsing-topics"];

/**
 * The browser is told to load nothing but our own files, and to show us in nobody's frame. Styles that React sets go
 * through the CSSOM, which the policy does not concern; pdf.js draws to a canvas, and starts its worker from a file.
 * Not HSTS nor `upgrade-insecure-requests`: on the machine itself there is no TLS.
 *
 * @param signIn the Supabase project that people sign in to, and that the pages ask beside us; null: nobody signs in
 */
export function securityHeaders(signIn: Pick<SignIn, "url"> | null): RequestHandler[] {
  const policy = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        ...(signIn !== null && { connectSrc: ["'self'", signIn.url] }),
        // Pictures that a page makes itself: those of a PDF that is opened in place.
        imgSrc: ["'self'", "blob:", "data:"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: { policy: "same-origin" },
    crossOriginResourcePolicy: { policy: "same-origin" },
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: false,
    xFrameOptions: { action: "deny" },
  });
  return [
    policy,
    (_request, response, next) => {
      response.set("Permissions-Policy", permissions.map((name) => `${name}=()`).join(", "));
      next();
    },
  ];
}

/** For a stranger's file: whatever it is, it runs nothing and loads nothing. */
export const strangersPolicy = "sandbox; default-src 'none'";
