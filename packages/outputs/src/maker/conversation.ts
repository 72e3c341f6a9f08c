import { type PageResult, QuireError } from "@quire/core";
import type { PdfSource } from "../pdf/writePdf.ts";
import type { MakerClock } from "./makerClock.ts";
import type { MakerProcess } from "./makerProcess.ts";

/** What has been sent so far. */
export interface Sent {
  bytes: number;
}

/**
 * Gives the maker a page whenever it asks for one, until it says how it went.
 *
 * @param sent is kept up to date
 * @throws what it says that went wrong, why it died, or whatever `pages` throws
 */
export async function converse(
  maker: MakerProcess,
  source: PdfSource,
  pages: AsyncIterable<PageResult>,
  { clock, sent }: { readonly clock: MakerClock; readonly sent: Sent },
): Promise<void> {
  const iterator = pages[Symbol.asyncIterator]();
  const ended = maker.ended.then(() => null);
  let isPulling = false;
  try {
    clock.owes = true;
    await maker.send({ type: "make", source });
    for await (const message of maker.messages()) {
      if (message.type === "done") return;
      if (message.type === "failed") throw new QuireError(message.code, message.message);
      clock.owes = false;
      isPulling = true;
      const next = await Promise.race([iterator.next(), ended]);
      if (next === null) break;
      isPulling = false;
      clock.owes = true;
      sent.bytes += await maker.send(next.done ? { type: "end" } : { type: "page", page: next.value });
    }
    throw maker.death;
  } finally {
    // A page that is being read is not waited for: whoever reads it ends that.
    const returned = Promise.resolve(iterator.return?.()).catch(() => {});
    if (!isPulling) await returned;
  }
}
