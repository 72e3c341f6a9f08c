import { type ClientRequest, get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const againAfterMs = 1_000;

/** Clients that watch documents being read, as browsers do: each on a connection of its own, opened again when it ends. */
export class Watchers {
  readonly #requests = new Set<ClientRequest>();
  #stopped = false;
  #events = 0;
  #opened = 0;
  #refused = 0;

  /** Events that arrived, streams that were opened, and those that were refused. */
  get figures() {
    return { events: this.#events, opened: this.#opened, refused: this.#refused };
  }

  watch(url: string): void {
    void this.#watch(url);
  }

  stop(): void {
    this.#stopped = true;
    for (const request of this.#requests) request.destroy();
  }

  async #watch(url: string): Promise<void> {
    while (!this.#stopped) {
      await this.#once(url).catch(() => {});
      await delay(againAfterMs);
    }
  }

  #once(url: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = get(url, { agent: false, headers: { accept: "text/event-stream" } }, (response) => {
        if (response.statusCode === 200) this.#opened++;
        else this.#refused++;
        response.setEncoding("utf8").on("data", (text: string) => {
          this.#events += text.split("\nevent: ").length - 1 + (text.startsWith("event: ") ? 1 : 0);
        });
        response.on("close", resolve);
      });
      this.#requests.add(request);
      request.on("error", reject);
      request.on("close", () => this.#requests.delete(request));
    });
  }
}
