import { type FileHandle, open } from "node:fs/promises";

/** Where encoded bytes are read from, block by block. */
export interface ByteSource {
  /** Bytes at an offset: fewer where the source ends before. */
  bytes(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** What is read of a file at once, in bytes: enough that reading costs little, little enough to forget. */
const blockBytes = 64 * 1024;

export async function openFile(path: string): Promise<ByteSource> {
  const file: FileHandle = await open(path);
  return {
    async bytes(offset, length) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

export function bufferSource(buffer: Buffer): ByteSource {
  return { bytes: async (offset, length) => buffer.subarray(offset, offset + length), async close() {} };
}

/** The bytes from an offset to an end, or as far as there are any. */
export async function* readRange(source: ByteSource, start: number, end = Number.POSITIVE_INFINITY) {
  for (let at = start; at < end; ) {
    const block = await source.bytes(at, Math.min(blockBytes, end - at));
    if (block.length === 0) return;
    yield block;
    at += block.length;
  }
}
