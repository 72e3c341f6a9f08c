import { existsSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { QuireError } from "@quire/core";
import express, { type Response, Router } from "express";

/** Where Vite puts them. */
export const builtPages = fileURLToPath(new URL("../dist-pages", import.meta.url));

const notFoundStatus = 404;
/** What the browser asks for as a page is one and the same file, which finds out by itself what to show. */
const views = ["/", "/documents/:id", "/ops", "/search"];

function files(folder: string, cacheControl: string) {
  const setHeaders = (response: ServerResponse) => response.setHeader("Cache-Control", cacheControl);
  return express.static(folder, { index: false, redirect: false, cacheControl: false, setHeaders });
}

/** The web pages. Names of files in `assets` change with their content: they may be kept for ever. */
export function servePages(folder: string): Router {
  const router = Router();
  const index = join(folder, "index.html");
  router.use("/assets", files(join(folder, "assets"), "public, max-age=31536000, immutable"));
  router.use(files(folder, "no-cache"));
  const show = (response: Response) => {
    if (!existsSync(index)) {
      throw new QuireError(
        "pages_not_built",
        "The web pages are not there; the API is (/api/openapi.json). Build them: npm run build",
      );
    }
    response.set("Cache-Control", "no-cache");
    response.sendFile(index, { cacheControl: false });
  };
  router.get(views, (_request, response) => show(response));
  // Whoever mistyped an address is told so by the page, with a way back; programs get it as a problem.
  router.get(/^\/(?!api\/)/, (request, response, next) => {
    if (request.accepts(["json", "html"]) !== "html") {
      next();
      return;
    }
    response.status(notFoundStatus);
    show(response);
  });
  return router;
}
