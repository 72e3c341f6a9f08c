import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { piecesOf } from "./pieces.ts";

/** Of one process to one project: more wait. A worker reads five documents at once, a web process takes in a few files. */
const connections = { keepAlive: true, maxSockets: 16, maxFreeSockets: 4 };
/** A page of a list, by far the longest answer that is held, has half a megabyte. */
const maxJsonBytes = 8_000_000;

const agents = { "http:": new HttpAgent(connections), "https:": new HttpsAgent(connections) };

/** An answer, as far as the client of Storage looks at it. */
export interface HttpAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
  readonly body: IncomingMessage;
  json(): Promise<unknown>;
}

export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/**
 * What the client of Storage uses instead of fetch, which it takes for one. Node's fetch costs 7 MB once it is used, and
 * copies what goes by: of a file of 50 MB that a slow reader took, up to 19 MB waited to be collected. Nor does it tell
 * when a chunk has left this process, so that each would have to be copied.
 *
 * A body that is a stream goes out chunk by chunk, the next one asked for when the last has left this process. It has a
 * connection of its own: one that was kept may have been closed by the other side, and the body cannot be sent again.
 */
export function send(url: string, { method, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
  const isStream = body !== undefined && typeof body === "object" && Symbol.asyncIterator in body;
  const { protocol } = new URL(url);
  const isSecure = protocol === "https:";
  return new Promise((resolve, reject) => {
    const outgoing = (isSecure ? requestHttps : requestHttp)(url, {
      ...{ method, signal },
      // Some methods have no length of their own accord.
      headers:
        isStream || body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) },
      agent: isStream ? new (isSecure ? HttpsAgent : HttpAgent)() : agents[isSecure ? "https:" : "http:"],
    });
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    outgoing.on("response", end).on("close", end);
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => resolve(answerOf(incoming)));
    if (!isStream) {
      outgoing.end(body);
      return;
    }
    const sendAll = async () => {
      for await (const chunk of body) {
        for (const piece of piecesOf(chunk)) {
          if (isOver) return;
          // Also called when the connection ends.
          await new Promise((left) => outgoing.write(piece, left));
        }
      }
      outgoing.end();
    };
    sendAll().catch((error) => outgoing.destroy(error));
  });
}

function answerOf(incoming: IncomingMessage): HttpAnswer {
  const status = incoming.statusCode ?? 0;
  // A connection that breaks is told to whoever reads; nobody else needs to hear of it.
  incoming.on("error", () => {});
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: incoming.statusMessage ?? "",
    headers: { get: (name) => incoming.headers[name]?.toString() ?? null },
    body: incoming,
    json: async () => JSON.parse(await textOf(incoming)),
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > maxJsonBytes) throw new Error("Storage answers with more than was asked for");
  }
  return String(Buffer.concat(chunks));
}
