import { Readable } from "node:stream";
import { Upload } from "tus-js-client";

const chunkBytes = 6 * 1024 * 1024;
const blockBytes = 64 * 1024;
/** Like the pages': soon, then less soon. */
const retryDelaysMs = [200, 1_000, 3_000];

/** Clients that upload one file after the other by TUS, each file another content. */
export class Uploaders {
  readonly #url: string;
  readonly #sizeBytes: number;
  #stopped = false;
  #number = 0;
  #done = 0;
  readonly #failures: string[] = [];

  constructor(url: string, sizeBytes: number) {
    this.#url = url;
    this.#sizeBytes = sizeBytes;
  }

  get figures() {
    return { done: this.#done, bytes: this.#done * this.#sizeBytes, failures: this.#failures };
  }

  /** Uploads until it is told to stop; resolves after its last file. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      await this.#upload().then(
        () => this.#done++,
        (error: Error) => this.#failures.push(error.message),
      );
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  #upload(): Promise<void> {
    return new Promise((resolve, reject) => {
      const upload = new Upload(Readable.from(content(this.#sizeBytes, this.#number++)), {
        endpoint: `${this.#url}/api/uploads`,
        uploadSize: this.#sizeBytes,
        chunkSize: chunkBytes,
        retryDelays: retryDelaysMs,
        metadata: { filename: "load.pdf" },
        onSuccess: () => resolve(),
        onError: reject,
      });
      upload.start();
    });
  }
}

/** Bytes that begin like a PDF, and like no other upload's. */
function* content(sizeBytes: number, number: number): Generator<Buffer> {
  const block = Buffer.alloc(blockBytes, `${number} `);
  for (let left = sizeBytes; left > 0; left -= blockBytes) {
    const piece = Buffer.from(block.subarray(0, Math.min(left, blockBytes)));
    if (left === sizeBytes) piece.write("%PDF-1.7\n");
    yield piece;
  }
}
