import type { Served } from "./served.ts";

const base = { "Tus-Resumable": "1.0.0" };

export interface TusAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Of the problem, if it is one. */
  readonly code: string | null;
}

/** Speaks the protocol request by request, so that each may be wrong. */
export class TusClient {
  readonly #served: Served;

  constructor(served: Served) {
    this.#served = served;
  }

  /** Begins an upload. @returns its address and its id, too */
  async create(
    sizeBytes: number | null,
    metadata: Record<string, string> = {},
    headers: Record<string, string> = {},
    body: Buffer | null = null,
  ): Promise<TusAnswer & { path: string; id: string }> {
    const pairs = Object.entries(metadata).map(
      ([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`,
    );
    const answer = await this.ask(
      "/api/uploads",
      "POST",
      {
        ...(sizeBytes === null ? { "Upload-Defer-Length": "1" } : { "Upload-Length": `${sizeBytes}` }),
        ...(pairs.length > 0 && { "Upload-Metadata": pairs.join(",") }),
        ...(body && { "Content-Type": "application/offset+octet-stream" }),
        ...headers,
      },
      body,
    );
    const path = answer.headers.get("location") ?? "";
    return { ...answer, path, id: path.split("/").at(-1) ?? "" };
  }

  send(path: string, offset: number, body: Buffer, headers: Record<string, string> = {}): Promise<TusAnswer> {
    const type = { "Content-Type": "application/offset+octet-stream" };
    return this.ask(path, "PATCH", { "Upload-Offset": `${offset}`, ...type, ...headers }, body);
  }

  where(path: string): Promise<TusAnswer> {
    return this.ask(path, "HEAD");
  }

  async ask(
    path: string,
    method: string,
    headers: Record<string, string> = {},
    body: Buffer | null = null,
  ): Promise<TusAnswer> {
    const init: RequestInit = {
      method,
      headers: { ...base, ...headers },
      body: body && new Uint8Array(body),
    };
    const response = await this.#served.ask(path, init);
    const text = await response.text();
    const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json");
    // An answer to HEAD has no body.
    const code = isProblem && text !== "" ? (JSON.parse(text) as { code: string }).code : null;
    return { status: response.status, headers: response.headers, code };
  }
}
