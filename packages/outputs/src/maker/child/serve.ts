import { Socket } from "node:net";
import { constants, setPriority } from "node:os";
import type { Writable } from "node:stream";
import { type PageResult, PageResultSchema, QuireError } from "@quire/core";
import * as v from "valibot";
import { boundedLines } from "../boundedLines.ts";
import {
  type MakerMessage,
  type MakerRequest,
  maxRequestBytes,
  messageDescriptor,
  type WritePdf,
} from "../protocol.ts";

/** As the parent checks them. */
const maxErrorLength = 2_000;

/**
 * Makes the one PDF that the parent asks for and ends the process: pages come in on standard input, the PDF goes out
 * on standard output, and how it goes is said on descriptor 3.
 */
export async function serve(write: WritePdf): Promise<void> {
  yieldToOthers();
  // Ctrl-C and a service manager's SIGTERM reach the whole process group: the parent decides.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  const messages = new Socket({ fd: messageDescriptor });
  const say = (message: MakerMessage) => send(messages, `${JSON.stringify(message)}\n`);
  // Who does not listen any more is gone, and so is the reason to live.
  for (const stream of [process.stdout, messages]) stream.on("error", () => process.exit(1));
  const requests = requestsFromParent();
  try {
    const first = await requests.next();
    if (first.done || first.value.type !== "make") throw new Error("nothing to make");
    for await (const chunk of write(first.value.source, askedPages(requests, say)))
      await send(process.stdout, chunk);
    await say({ type: "done" });
  } catch (error) {
    await say(failure(error));
  }
  process.exit(0);
}

async function* requestsFromParent(): AsyncGenerator<MakerRequest> {
  for await (const line of boundedLines(process.stdin, maxRequestBytes)) yield JSON.parse(line);
  // The parent is gone.
  process.exit(1);
}

async function* askedPages(
  requests: AsyncGenerator<MakerRequest>,
  say: (message: MakerMessage) => Promise<void>,
): AsyncGenerator<PageResult> {
  for (;;) {
    await say({ type: "next" });
    const { value: request } = await requests.next();
    if (request?.type !== "page") return;
    yield v.parse(PageResultSchema, request.page);
  }
}

/** Settles when it is in the parent's hands: the process may end right after. */
function send(stream: Writable, data: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => stream.write(data, () => resolve()));
}

function failure(error: unknown): MakerMessage {
  if (!(error instanceof QuireError)) throw error;
  return { type: "failed", code: error.code, message: error.message.slice(0, maxErrorLength) };
}

/** Lets others run first, above all who started it. */
function yieldToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: a courtesy, not a condition.
  }
}
