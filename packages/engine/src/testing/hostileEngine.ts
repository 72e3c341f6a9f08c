/**
 * An engine that somebody else has taken over, as far as JavaScript goes: it starts as the real one does, and for a
 * document that holds {@link HostileWishes} tries them, in its main thread and in another. What became of it stands in
 * the message with which it refuses the document.
 */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { confineThreads } from "../child/confineThreads.ts";
import type { EngineMessage, EngineRequest } from "../protocol.ts";
import { attempt, type HostileResults, type HostileWishes } from "./hostileAttempts.ts";

const thread = new URL("./hostileThread.js", import.meta.url);

confineThreads([thread]);

process.on("message", (request: EngineRequest) => {
  if (request.type === "configure") send({ type: "ready" });
  if (request.type === "open") void refuse(request.document, request.source.path);
});
process.on("disconnect", () => process.exit(0));

async function refuse(document: number, path: string): Promise<void> {
  const wishes = JSON.parse(readFileSync(path, "utf8")) as HostileWishes;
  const results = { main: await attempt(path, wishes), thread: await attemptInThread(path, wishes) };
  send({ type: "refused", document, error: { code: "corrupt_file", message: JSON.stringify(results) } });
}

async function attemptInThread(path: string, wishes: HostileWishes): Promise<HostileResults> {
  const worker = new Worker(thread, { workerData: { path, wishes } });
  const [results] = await once(worker, "message");
  return results as HostileResults;
}

function send(message: EngineMessage): void {
  process.send?.(message);
}
