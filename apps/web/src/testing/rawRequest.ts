import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request whose every header and byte is the caller's: `fetch` would set some and refuse others. */
export async function rawRequest(
  port: number,
  path: string,
  {
    method = "GET",
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  const answered = Promise.withResolvers<RawAnswer>();
  const request = httpRequest(
    { port, host: "127.0.0.1", path, method, headers, agent: false },
    (response) => {
      const { statusCode = 0, headers: given } = response;
      text(response).then(
        (content) => answered.resolve({ status: statusCode, headers: given, body: content }),
        answered.reject,
      );
    },
  );
  request.on("error", answered.reject);
  request.end(body);
  return answered.promise;
}

/** The code of the problem that an answer is. */
export function codeOf({ body }: Pick<RawAnswer, "body">): string {
  return (JSON.parse(body) as { code: string }).code;
}
