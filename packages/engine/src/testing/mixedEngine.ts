/**
 * The real engine and the fake one in one process: fake documents (JSON) go to the fake, all others to the real one.
 * For tests in which most documents only have to be many, and some have to be real.
 */
import { closeSync, openSync, readSync } from "node:fs";
import type { EngineRequest } from "../protocol.ts";

type Handler = (request: EngineRequest) => void;

let handle: Handler;
/** What comes before both engines are loaded. */
const early: EngineRequest[] = [];
process.on("message", (request: EngineRequest) => (handle ? handle(request) : early.push(request)));

const real = await handlerOf("../child/main.js");
const fake = await handlerOf("./fakeEngine.js");
handle = (request) => ("source" in request && isFake(request.source.path) ? fake(request) : real(request));
early.forEach(handle);

/** Both listen to the client as soon as they are loaded; here, one listens for both. */
async function handlerOf(module: string): Promise<Handler> {
  await import(module);
  const handler = process.listeners("message").at(-1) as Handler;
  process.off("message", handler);
  return handler;
}

function isFake(path: string): boolean {
  const file = openSync(path, "r");
  const first = Buffer.alloc(1);
  readSync(file, first, 0, 1, 0);
  closeSync(file);
  return first.toString() === "{";
}
