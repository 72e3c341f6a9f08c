import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach } from "node:test";
import { pathToFileURL } from "node:url";
import { loadConfig, type PageResult } from "@quire/core";
import { Engine, type EngineEvent } from "../client/engine.ts";
import type { EngineDocument, PagesOptions } from "../client/engineDocument.ts";
import type { FakeDocument } from "./fakeEngine.ts";

const entry = new URL("./fakeEngine.js", import.meta.url);
/** For what a test of the engine writes. */
export const folder = mkdtempSync(join(tmpdir(), "quire-engine-"));
export const readOptions = {
  languages: ["eng"],
  textLayer: "auto",
  rotate: "auto",
  quality: "balanced",
  preview: false,
} as const;
let engine: Engine | undefined;
/** What the engine of this test has told so far. */
export let events: EngineEvent[] = [];

afterEach(() => engine?.close());
after(() => rmSync(folder, { recursive: true }));

/** Starts the fake engine for one test; what was started before is closed. */
export function start(env: Record<string, string> = {}, module = entry): Engine {
  engine?.close();
  events = [];
  engine = new Engine(loadConfig({ OCR_THREADS: "2", ...env }), {
    entry: module,
    onEvent: (event) => events.push(event),
  });
  return engine;
}

/** A module that is the fake engine the first time it is started, and ends at once every time after. */
export function failingSuccessor(): URL {
  const path = join(folder, `${documents++}.mjs`);
  const started = JSON.stringify(`${path}.started`);
  writeFileSync(
    path,
    `import { existsSync, writeFileSync } from "node:fs";
    if (existsSync(${started})) process.exit(3);
    writeFileSync(${started}, "");
    await import(${JSON.stringify(entry.href)});`,
  );
  return pathToFileURL(path);
}

let documents = 0;

/** Writes a fake document. @returns its path */
export function fake(document: FakeDocument): string {
  const path = join(folder, `${documents++}.json`);
  writeFileSync(path, JSON.stringify(document));
  return path;
}

/** A file for {@link FakeDocument.journal}, and how its pages were begun: their numbers and with what care. */
export function journal(): { readonly path: string; begun(): [page: number, care: string][] } {
  const path = join(folder, `${documents++}.journal`);
  return {
    path,
    begun() {
      const text = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
      const lines = text === "" ? [] : text.split("\n");
      return lines.map((line) => {
        const [, , page, care = ""] = line.split(" ");
        return [Number(page), care];
      });
    },
  };
}

export async function collect(document: EngineDocument, options?: PagesOptions): Promise<PageResult[]> {
  const pages: PageResult[] = [];
  for await (const page of document.pages(options)) pages.push(page);
  return pages;
}

/** What became of each page: its error's code, or its outcome. */
export const outcomes = (pages: PageResult[]) =>
  pages.map(({ pageNumber, outcome, error }) => [pageNumber, error?.code ?? outcome]);

export const deaths = () => events.flatMap((event) => (event.type === "died" ? [event.death] : []));
export const recycles = () => events.flatMap((event) => (event.type === "recycled" ? [event.reason] : []));
