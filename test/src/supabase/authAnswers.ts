import type { IncomingMessage, ServerResponse } from "node:http";

/** A refusal as GoTrue words it; without a code it is the gateway's. */
export class AuthError extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly extra: object;

  constructor(status: number, code: string | null, message: string, extra: object = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

const versionHeader = "X-Supabase-Api-Version";
const knownVersion = "2024-01-01";
/** Nothing that is sent to it is longer. */
const maxBodyBytes = 16_384;

/** What pages of another origin may see beside what every service shows them. */
export function exposeHeaders(response: ServerResponse): void {
  const shown = `${response.getHeader("Access-Control-Expose-Headers") ?? ""}`;
  response.setHeader(
    "Access-Control-Expose-Headers",
    [shown, "X-Total-Count", "Link", versionHeader].filter(Boolean).join(", "),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: what somebody sent
export async function readJson(request: IncomingMessage): Promise<any> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxBodyBytes) throw new AuthError(413, "validation_failed", "request body too large");
    chunks.push(chunk as Buffer);
  }
  try {
    return bytes === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new AuthError(400, "bad_json", "Could not parse request body as JSON");
  }
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

export function answerError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (!(error instanceof AuthError)) throw error;
  const { status, code, message, extra } = error;
  if (code === null) {
    answerJson(response, status, { message });
    return;
  }
  const isNew = request.headers[versionHeader.toLowerCase()] === knownVersion;
  if (isNew) response.setHeader(versionHeader, knownVersion);
  const body = isNew ? { code, message } : { code: status, error_code: code, msg: message };
  answerJson(response, status, { ...body, ...extra });
}
