import type { TiffFile } from "@quire/engine/images";

/** What is read of a file at once, in bytes. */
const blockBytes = 64 * 1024;

/** The bytes of a strip or tile, block by block. */
export async function* readSegment(file: TiffFile, start: number, length: number): AsyncGenerator<Buffer> {
  for (let at = start; at < start + length; ) {
    const block = await file.bytes(at, Math.min(blockBytes, start + length - at));
    if (block.length === 0) return;
    yield block;
    at += block.length;
  }
}
