import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { QuireError } from "@quire/core";
import express, { Router } from "express";

/** Where Vite puts them. */
export const builtPages = fileURLToPath(new URL("../dist-pages", import.meta.url));

/** What the browser asks for as a page is one and the same file, which finds out by itself what to show. */
const views = ["/", "/documents/:id", "/ops", "/search"];

/** The web pages. Names of files in `assets` change with their content: they may be kept for ever. */
export function servePages(folder: string): Router {
  const router = Router();
  const index = join(folder, "index.html");
  router.use(
    "/assets",
    express.static(join(folder, "assets"), { index: false, redirect: false, immutable: true, maxAge: "1y" }),
  );
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders: (response) => response.set("Cache-Control", "no-cache"),
    }),
  );
  router.get(views, (_request, response) => {
    if (!existsSync(index)) {
      throw new QuireError(
        "pages_not_built",
        "The web pages are not there; the API is (/api/openapi.json). Build them: npm run build",
      );
    }
    response.set("Cache-Control", "no-cache");
    response.sendFile(index, { cacheControl: false });
  });
  return router;
}
