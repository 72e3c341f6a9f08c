import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A connection that has carried more than this has an upload on it: other requests are headers alone. */
const uploadBytes = 500_000;

/** One connection over the line, and how much of what the browser sends it has carried. */
interface Carried {
  readonly browser: Socket;
  readonly service: Socket;
  sentBytes: number;
}

/**
 * A line between a browser and a service. It carries everything, unless it is told to hold uploads: then these
 * stand still in their middle for as long as a test needs, however fast the machine is. What follows them goes through:
 * a browser whose next request is broken as well, on a connection that was used before, sends it again unasked.
 */
export class Line {
  readonly #server: Server;
  readonly #connections = new Set<Carried>();
  #holdsAfterBytes = 0;
  #holdsAtMost = 0;
  readonly #held = new Set<Carried>();
  #isDown = false;
  #heard = () => {};
  #sentBytes = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param url where the service is */
  static async to(url: string): Promise<Line> {
    const port = Number(new URL(url).port);
    const line: Line = new Line(createServer((browser) => line.#carry(browser, port)));
    line.#server.listen(0, "127.0.0.1");
    await once(line.#server, "listening");
    return line;
  }

  /** Where the service is by this line. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** All that browsers have sent. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** Once so much has been sent in all, so many uploads stand still; what is small goes through. */
  holdAfter(bytes: number, uploads = 1): void {
    this.#holdsAfterBytes = bytes;
    this.#holdsAtMost = uploads;
  }

  /** Resolves when all of them stand still, and the service has what was sent before; the test's limit ends it. */
  async untilHeld(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#heard = () => {
        const held = [...this.#held];
        if (held.length === this.#holdsAtMost && held.every(({ service }) => service.writableLength === 0))
          resolve();
      };
      this.#heard();
    });
  }

  /** Ends what stands still, as a broken line does. */
  cut(): void {
    for (const { browser } of this.#held) browser.destroy();
  }

  /** Ends everything, and carries nothing until it is up again. */
  goDown(): void {
    this.#isDown = true;
    for (const { browser } of this.#connections) browser.destroy();
  }

  /** Carries everything again, and goes on with what stands still. */
  comeUp(): void {
    this.#isDown = false;
    for (const { browser } of this.#held) browser.resume();
    this.#held.clear();
    this.#holdsAtMost = 0;
  }

  close(): void {
    this.goDown();
    this.#server.close();
  }

  #holdIfDue(one: Carried): void {
    const isDue = this.#sentBytes >= this.#holdsAfterBytes && one.sentBytes >= uploadBytes;
    if (isDue && this.#held.size < this.#holdsAtMost) this.#held.add(one);
  }

  #carry(browser: Socket, port: number): void {
    if (this.#isDown) {
      browser.destroy();
      return;
    }
    const service = connect(port, "127.0.0.1");
    const one: Carried = { browser, service, sentBytes: 0 };
    this.#connections.add(one);
    service.pipe(browser);
    browser.on("data", (sent) => {
      one.sentBytes += sent.length;
      this.#sentBytes += sent.length;
      this.#holdIfDue(one);
      const goesThrough = service.write(sent, () => this.#heard());
      if (this.#held.has(one) || !goesThrough) browser.pause();
    });
    service.on("drain", () => {
      if (!this.#held.has(one)) browser.resume();
    });
    browser.on("end", () => service.end());
    for (const [end, other] of [
      [browser, service],
      [service, browser],
    ] as const) {
      // What breaks on one side breaks on the other.
      end.on("error", () => other.destroy());
      end.on("close", () => {
        other.destroy();
        this.#connections.delete(one);
      });
    }
  }
}
