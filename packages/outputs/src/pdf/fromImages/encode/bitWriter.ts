const bitsPerByte = 8;
const firstBytes = 16 * 1024;

/** Collects codes of binary digits into bytes, the highest bit first. */
export class BitWriter {
  #bytes = Buffer.alloc(firstBytes);
  #length = 0;
  #pending = 0;
  #pendingBits = 0;
  /** Codes as numbers: parsing them again for every run would take most of the time. */
  readonly #values = new Map<string, number>();

  write(code: string): void {
    let value = this.#values.get(code);
    if (value === undefined) {
      value = Number.parseInt(code, 2);
      this.#values.set(code, value);
    }
    // Codes have at most 24 bits, and fewer than 8 are pending: 32 bits hold both.
    this.#pending = ((this.#pending << code.length) | value) >>> 0;
    this.#pendingBits += code.length;
    while (this.#pendingBits >= bitsPerByte) {
      this.#pendingBits -= bitsPerByte;
      this.#push((this.#pending >>> this.#pendingBits) & 0xff);
    }
  }

  /** The whole bytes so far. */
  take(): Buffer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return bytes;
  }

  /** The rest, filled up to a byte with zeros. */
  end(): Buffer {
    if (this.#pendingBits > 0) this.#push((this.#pending << (bitsPerByte - this.#pendingBits)) & 0xff);
    this.#pendingBits = 0;
    return this.take();
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, this.#bytes]);
    this.#bytes[this.#length++] = byte;
  }
}
