/**
 * A maker that misbehaves on demand, through the real protocol and as a real process. Its originals are small JSON
 * files: see {@link FakeOriginal}. What it makes begins as a PDF does; the words of the pages follow.
 */
import { readFileSync, writeSync } from "node:fs";
import { type ErrorCode, QuireError } from "@quire/core";
import { attempt, type HostileWishes } from "@quire/engine/testing/hostileAttempts";
import { serve } from "../maker/child/serve.ts";
import { messageDescriptor } from "../maker/protocol.ts";

export interface FakeOriginal {
  /** What it does instead of going on. */
  readonly does?: keyof typeof misdeeds;
  /** When: before it asks for a page, with the first page, or in the end. */
  readonly at?: "start" | "page" | "end";
  readonly refuses?: { readonly code: ErrorCode; readonly message: string };
  readonly header?: string;
  /** Each page comes to so many bytes. */
  readonly pageBytes?: number;
  /** It tries all this, and refuses with what became of it. */
  readonly tries?: HostileWishes;
}

const chunkBytes = 1024 * 1024;

const misdeeds = {
  crash: () => process.kill(process.pid, "SIGSEGV"),
  leave: () => process.exit(0),
  stand: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  exhaust() {
    const held: number[][] = [];
    for (;;) held.push(Array.from({ length: 100_000 }, (_, index) => index + held.length));
  },
  babble: () => writeSync(messageDescriptor, "what?\n"),
  /** A message that never ends. */
  chatter() {
    for (;;) {
      try {
        writeSync(messageDescriptor, "x".repeat(chunkBytes));
      } catch {
        // The parent has yet to read what came before.
      }
    }
  },
};

await serve(async function* ({ path }, pages) {
  const fake = JSON.parse(readFileSync(path, "utf8")) as FakeOriginal;
  const { does, at = "start", header = "%PDF-1.7\n", pageBytes = 0 } = fake;
  const misbehave = (when: FakeOriginal["at"]) => {
    if (does && at === when) misdeeds[does]();
  };
  if (fake.refuses) throw new QuireError(fake.refuses.code, fake.refuses.message);
  if (fake.tries) {
    const results = await attempt(path, fake.tries);
    throw new QuireError("pdf_unwritable", JSON.stringify(results));
  }
  yield Buffer.from(header);
  misbehave("start");
  for await (const { text } of pages) {
    yield Buffer.from(`${text}\n`.padEnd(pageBytes));
    misbehave("page");
  }
  misbehave("end");
});
