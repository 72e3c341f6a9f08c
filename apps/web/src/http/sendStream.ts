import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Sends a stream as fast as the client reads, and closes it, whatever happens. A client that has gone already is not
 * waited for: a response tells of its end only once, and `pipeline` would wait for that for ever, with the file open.
 */
export async function sendStream(content: Readable, response: ServerResponse): Promise<void> {
  if (response.closed) content.destroy();
  else await pipeline(content, response);
}
