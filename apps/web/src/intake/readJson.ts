import type { IncomingMessage } from "node:http";
import { QuireError } from "@quire/core";
import * as v from "valibot";

/**
 * A body of JSON.
 *
 * @param maxBytes more is refused before it is read
 * @throws QuireError `invalid_request`, naming what is not as it must be, never what was sent
 */
export async function readJson<Schema extends v.GenericSchema>(
  request: IncomingMessage,
  schema: Schema,
  maxBytes: number,
): Promise<v.InferOutput<Schema>> {
  const result = v.safeParse(schema, parsed(await bodyOf(request, maxBytes)));
  if (result.success) return result.output;
  const place = v.getDotPath(result.issues[0]) ?? "body";
  throw wrong(`${place}: not as it must be. /api/openapi.json says what is to be sent.`);
}

async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let heldBytes = 0;
  // Left open when it is refused half way, or nobody could be told.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    heldBytes += (chunk as Buffer).length;
    if (heldBytes > maxBytes) throw wrong(`The body is over ${maxBytes} bytes.`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong("The body is no JSON.");
  }
}

function wrong(message: string): QuireError {
  return new QuireError("invalid_request", message);
}
