import { Upload } from "tus-js-client";

const chunkBytes = 6 * 1024 * 1024;
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
      // Not a stream, of which the client would send piece by piece as it comes.
      const upload = new Upload(content(this.#sizeBytes, this.#number++), {
        endpoint: `${this.#url}/api/uploads`,
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
function content(sizeBytes: number, number: number): Buffer {
  return Buffer.alloc(sizeBytes, `%PDF-1.7\n${number} `);
}
