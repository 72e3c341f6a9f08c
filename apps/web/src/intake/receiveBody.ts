import type { IncomingMessage } from "node:http";
import type { StoredFile } from "@quire/store";
import { parse } from "content-disposition";
import type { GivenDetails } from "./details.ts";

/** Stores a file's content as it comes in. */
export type StoreContent = (content: AsyncIterable<Uint8Array>) => Promise<StoredFile>;

/** A file that came in, and what was said of it. */
export interface Received {
  readonly stored: StoredFile;
  readonly given: GivenDetails;
}

/** A body that is the file itself. What it says of its type is not looked at: the first bytes tell. */
export async function receiveBody(request: IncomingMessage, store: StoreContent): Promise<Received> {
  const given = { filename: nameIn(request.headers["content-disposition"]) };
  // Left open when it is refused half way, or nobody could be told.
  const stored = await store(request.iterator({ destroyOnReturn: false }));
  return { stored, given };
}

function nameIn(header: string | undefined): string | undefined {
  const name = header === undefined ? undefined : parse(header).parameters.filename;
  return name && asUtf8(name);
}

/** Headers come as Latin-1; most who send a name outside of it send UTF-8 without saying so. */
function asUtf8(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  // What was encoded by the rules (RFC 8187) is decoded already, and perhaps beyond Latin-1.
  if (bytes.toString("latin1") !== text) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}
