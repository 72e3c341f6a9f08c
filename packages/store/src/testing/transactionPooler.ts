import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import pg from "pg";

/** A connection to the server, logged in, whose bytes are ours from now on. */
interface Backend {
  readonly client: pg.Client;
  readonly socket: Socket;
}

/** Which of those that are free is given away: the one used last, as PgBouncer does, or first. */
export type Order = "last" | "first";

const lengthBytes = 4;
const sslRequest = 80_877_103;
const [authenticationOk, parameterStatus, readyForQuery] = ["R", "S", "Z"];
const idle = "I";

/**
 * A pooler in transaction mode, as PgBouncer and Supavisor have it: each transaction of a client is given to any of a few
 * sessions of the server (PostgreSQL's documentation, "Message Formats", 54.7). It asks for no password.
 */
export class TransactionPooler {
  readonly #server: Server;
  readonly #backends: readonly Backend[];
  readonly #free: Backend[];
  readonly #order: Order;
  readonly #waiting: ((backend: Backend) => void)[] = [];

  private constructor(backends: Backend[], order: Order) {
    this.#backends = backends;
    this.#free = [...backends];
    this.#order = order;
    this.#server = createServer((client) => this.#serve(client));
  }

  static async start(
    url: string,
    { size, order }: { size: number; order: Order },
  ): Promise<TransactionPooler> {
    const pooler = new TransactionPooler(
      await Promise.all(Array.from({ length: size }, () => open(url))),
      order,
    );
    pooler.#server.listen(0, "127.0.0.1");
    await once(pooler.#server, "listening");
    return pooler;
  }

  /** The same database through it. */
  urlOf(url: string): string {
    const through = new URL(url);
    through.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return through.href;
  }

  close(): void {
    this.#server.close();
    for (const { socket } of this.#backends) socket.destroy();
  }

  #serve(client: Socket): void {
    let backend: Backend | null = null;
    let hasStarted = false;
    let toServer: Promise<void> = Promise.resolve();
    const answers = new Messages((type, message) => {
      client.write(message);
      // Not in a transaction any more: it is for whoever comes next.
      if (type !== readyForQuery || message.toString("latin1", 5) !== idle || !backend) return;
      backend.socket.removeAllListeners("data");
      this.#give(backend);
      backend = null;
    });
    const pass = async (message: Buffer) => {
      if (!backend) {
        backend = await this.#take();
        backend.socket.on("data", (chunk) => answers.add(chunk));
      }
      backend.socket.write(message);
    };
    const requests = new Messages((type, message) => {
      if (type !== "X") toServer = toServer.then(() => pass(message));
    });
    client.on("error", () => {});
    client.on("data", (chunk) => {
      if (hasStarted) requests.add(chunk);
      else if (chunk.readInt32BE(lengthBytes) === sslRequest) client.write("N");
      else {
        hasStarted = true;
        const ready = [message(authenticationOk, int32(0)), message(readyForQuery, idle)];
        client.write(
          Buffer.concat([
            ready[0],
            message(parameterStatus, "server_version\0" + "18\0"),
            ready[1],
          ] as Buffer[]),
        );
      }
    });
  }

  #take(): Promise<Backend> {
    const free = this.#order === "last" ? this.#free.pop() : this.#free.shift();
    return free ? Promise.resolve(free) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  #give(backend: Backend): void {
    const next = this.#waiting.shift();
    if (next) next(backend);
    else this.#free.push(backend);
  }
}

async function open(url: string): Promise<Backend> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { stream: socket } = (client as unknown as { connection: { stream: Socket } }).connection;
  socket.removeAllListeners("data");
  // That it is torn down in the end is no error.
  client.on("error", () => {});
  return { client, socket };
}

/** Cuts a stream into messages: a type, a length that counts itself, and the rest. */
class Messages {
  readonly #tell: (type: string, message: Buffer) => void;
  #unread = Buffer.alloc(0);

  constructor(tell: (type: string, message: Buffer) => void) {
    this.#tell = tell;
  }

  add(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    while (this.#unread.length > lengthBytes) {
      const endsAt = 1 + this.#unread.readInt32BE(1);
      if (this.#unread.length < endsAt) return;
      const whole = this.#unread.subarray(0, endsAt);
      this.#unread = this.#unread.subarray(endsAt);
      this.#tell(whole.toString("latin1", 0, 1), whole);
    }
  }
}

function message(type: string | undefined, content: Buffer | string): Buffer {
  const body = Buffer.from(content as string);
  return Buffer.concat([Buffer.from(`${type}`), int32(body.length + lengthBytes), body]);
}

function int32(value: number): Buffer {
  const written = Buffer.alloc(lengthBytes);
  written.writeInt32BE(value);
  return written;
}
