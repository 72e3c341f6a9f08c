import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { TestContext } from "node:test";

/** A message as it came in. */
export interface Message {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers; one that does not end the response hangs. */
export type Answering = (response: ServerResponse, message: Message) => void;

export const accepts: Answering = (response) => response.writeHead(204).end();
export const hangs: Answering = () => {};

/** A receiver of webhooks on a loopback port of its own. */
export class Receiver {
  readonly messages: Message[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #changed: (() => void)[] = [];
  answering: Answering;

  private constructor(answering: Answering) {
    this.answering = answering;
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const message = {
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      this.messages.push(message);
      this.answering(response, message);
      this.#tell();
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        this.#tell();
      });
    });
  }

  static async open(t: TestContext, answering: Answering = accepts): Promise<Receiver> {
    const receiver = new Receiver(answering);
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      receiver.#server.close();
      for (const socket of receiver.#sockets) socket.destroy();
    });
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook?key=1`;
  }

  /** Connections open now. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Resolves as soon as this holds; looked at with every message and every connection that ends. */
  async until(holds: (receiver: Receiver) => boolean): Promise<void> {
    while (!holds(this)) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }

  async received(count: number): Promise<Message[]> {
    await this.until(({ messages }) => messages.length >= count);
    return this.messages;
  }

  #tell(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }
}
