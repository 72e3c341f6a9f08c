import { pipeline, Readable } from "node:stream";
import { createInflate } from "node:zlib";

/**
 * Whether compressed data is sound and as long as it has to be. Readers of PDF differ in what they make of data that is
 * not: some show nothing at all.
 */
export async function inflatesTo(chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<boolean> {
  const inflate = createInflate();
  pipeline(Readable.from(chunks), inflate, () => {});
  let length = 0;
  try {
    for await (const chunk of inflate) {
      length += chunk.length;
      if (length >= bytes) return true;
    }
  } catch {
    // Not sound.
  }
  return false;
}
