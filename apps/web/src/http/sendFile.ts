import type { Readable } from "node:stream";
import type { ByteRange } from "@quire/store";
import type { Request, Response } from "express";
import { rangeOf } from "./range.ts";
import { sendStream } from "./sendStream.ts";

export interface SentFile {
  /** All of it, or these bytes. @throws QuireError `file_missing`, `storage_unavailable` */
  readonly open: (range?: ByteRange) => Promise<Readable>;
  readonly sizeBytes: number;
  /** Quoted; of this content and no other. */
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends a stored file, or the part of it that is asked for, as fast as the client reads; nothing of it is held.
 *
 * @throws QuireError `range_not_satisfiable`, `file_missing`, `storage_unavailable`
 */
export async function sendFile(request: Request, response: Response, file: SentFile): Promise<void> {
  const { open, sizeBytes, etag, headers } = file;
  const range = rangeOf(request, response, { sizeBytes, etag });
  const content = await open(range ?? undefined);
  response.set({ ...headers, ETag: etag, "Accept-Ranges": "bytes" });
  if (request.fresh) {
    content.destroy();
    response.status(304).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
  response.set("Content-Length", `${end - start + 1}`);
  if (range) response.status(206).set("Content-Range", `bytes ${start}-${end}/${sizeBytes}`);
  if (request.method === "HEAD") {
    content.destroy();
    response.end();
    return;
  }
  await sendStream(content, response);
}
