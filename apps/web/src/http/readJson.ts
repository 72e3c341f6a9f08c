import type { IncomingMessage } from "node:http";
import { QuireError } from "@quire/core";
import { type GenericSchema, getDotPath, type InferOutput, safeParse } from "valibot";

/** The longest that is sent is an address of 2,048 characters, each of which may take six as JSON writes them. */
const maxBytes = 16_384;

/**
 * A body of JSON, as it must be.
 *
 * @throws QuireError `invalid_request`
 */
export async function readJson<Schema extends GenericSchema>(
  request: IncomingMessage,
  schema: Schema,
): Promise<InferOutput<Schema>> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? ""))
    throw refused("must be JSON (Content-Type: application/json)");
  const result = safeParse(schema, parsed(await readText(request)));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw refused(`is not as it must be at "${getDotPath(issue) ?? "its top"}": expected ${issue.expected}`);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Left open when it is refused half way, or nobody could be told.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw refused(`must have at most ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused("is no JSON");
  }
}

function refused(what: string): QuireError {
  return new QuireError("invalid_request", `The body ${what}.`);
}
