/**
 * The engine: the disposable process that opens strangers' files. It is forked by the client, told its
 * settings, asked for pages, and may be killed at any moment.
 */
import { constants, setPriority } from "node:os";
import { ocrThreadScript } from "../ocr/ocrPool.ts";
import type { EngineMessage, EngineRequest } from "../protocol.ts";
import { confineThreads } from "./confineThreads.ts";
import { PageReader } from "./pageReader.ts";

confineThreads([ocrThreadScript]);
yieldToOthers();
let reader: PageReader | undefined;

process.on("message", (request: EngineRequest) => {
  if (request.type === "configure") {
    reader = new PageReader(request.settings, request.installed, send);
    send({ type: "ready" });
    return;
  }
  reader?.handle(request);
});
// The client is gone, so is the reason to live. Ctrl-C and a service manager's SIGTERM reach the whole process group:
// the client decides.
process.on("disconnect", () => process.exit(0));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});

function send(message: EngineMessage): void {
  if (process.connected) process.send?.(message);
}

/** Lets others run first, above all who started it. */
function yieldToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: a courtesy, not a condition.
  }
}
