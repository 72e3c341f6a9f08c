import type { IncomingMessage } from "node:http";
import { QuireError } from "@quire/core";
import { type GenericSchema, getDotPath, type InferOutput, safeParse } from "valibot";

/** @throws QuireError `invalid_request` unless the request says that its body is JSON */
export function assertIsJson(request: IncomingMessage): void {
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? ""))
    throw refused("must be JSON (Content-Type: application/json)");
}

/**
 * A body of JSON, as it must be.
 *
 * @param maxBytes more is refused, and not held
 * @throws QuireError `invalid_request`, naming what is not as it must be, never what was sent
 */
export async function readJson<Schema extends GenericSchema>(
  request: IncomingMessage,
  schema: Schema,
  maxBytes: number,
): Promise<InferOutput<Schema>> {
  const result = safeParse(schema, parsed(await readText(request, maxBytes)));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const expected = issue.expected === null ? "" : `: expected ${issue.expected}`;
  throw refused(
    `is not as it must be at "${getDotPath(issue) ?? "its top"}"${expected}. /api/openapi.json says what is to be sent`,
  );
}

async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
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
