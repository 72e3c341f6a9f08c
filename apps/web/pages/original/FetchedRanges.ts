import { PDFDataRangeTransport } from "pdfjs-dist";
import { access } from "../api/access.ts";
import { toProblem } from "../api/problem.ts";

const partialStatus = 206;

/** Parts of a file for pdf.js, each asked for as whoever is signed in at that moment. */
export class FetchedRanges extends PDFDataRangeTransport {
  readonly #path: string;
  readonly #onBroken: (error: unknown) => void;
  readonly #stop = new AbortController();

  constructor(path: string, lengthBytes: number, onBroken: (error: unknown) => void) {
    super(lengthBytes, null);
    this.#path = path;
    this.#onBroken = onBroken;
  }

  /** @param end the byte after the last one */
  override requestDataRange(begin: number, end: number): void {
    this.#fetch(begin, end).catch((error) => {
      // pdf.js knows of no part that does not come: it would wait for ever.
      if (!this.#stop.signal.aborted) this.#onBroken(error);
    });
  }

  override abort(): void {
    this.#stop.abort();
  }

  async #fetch(begin: number, end: number): Promise<void> {
    const init = { headers: { Range: `bytes=${begin}-${end - 1}` }, signal: this.#stop.signal };
    const answer = await access().fetch(this.#path, init);
    if (answer.status !== partialStatus) {
      throw toProblem(answer.status, await answer.text(), answer.headers.get("retry-after"));
    }
    this.onDataRange(begin, new Uint8Array(await answer.arrayBuffer()));
  }
}
