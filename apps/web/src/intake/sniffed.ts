import { QuireError } from "@quire/core";
import { sniffBytes, sniffFormat } from "@quire/engine";

/**
 * The same content; but nothing of it before its first bytes have been seen to be of a format that is read.
 *
 * @throws QuireError `unsupported_format`, `empty_file`
 */
export async function* sniffed(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  let isSeen = false;
  const see = () => {
    judge(Buffer.concat(held));
    isSeen = true;
    return held.splice(0);
  };
  for await (const chunk of content) {
    if (isSeen) {
      yield chunk;
      continue;
    }
    held.push(chunk);
    heldBytes += chunk.byteLength;
    if (heldBytes >= sniffBytes) yield* see();
  }
  if (!isSeen) yield* see();
}

/**
 * @param head the first {@link sniffBytes} bytes, or more, or the whole file where that is less
 * @throws QuireError `unsupported_format`, `empty_file`
 */
export function judge(head: Buffer): void {
  if (head.length === 0) throw new QuireError("empty_file", "The file is empty. Send it again.");
  sniffFormat(head.subarray(0, sniffBytes));
}
