import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import type { GrowingPdf } from "./growingPdf.ts";
import { componentsOf, type Picture } from "./pictures/picture.ts";

const deviceSpaces = { grey: "/DeviceGray", rgb: "/DeviceRGB", cmyk: "/DeviceCMYK" } as const;

/** Writes pictures as image objects, and the profile that pages share once. */
export class PictureObjects {
  readonly #file: GrowingPdf;
  /** The last profile's digest and object: the pages of a file have the same, if any. */
  #profile: { readonly digest: string; readonly number: number } | null = null;

  constructor(file: GrowingPdf) {
    this.#file = file;
  }

  /** @param number of the object to be */
  async *write(number: number, picture: Picture): AsyncGenerator<Buffer> {
    const { width, height, colour, bitsPerComponent, coding } = picture;
    let space: string = deviceSpaces[colour.space];
    if (colour.profile) {
      const digest = createHash("sha256").update(colour.profile).digest("hex");
      if (this.#profile?.digest !== digest) {
        this.#profile = { digest, number: this.#file.allocate() };
        yield this.#file.stream(
          this.#profile.number,
          `/N ${componentsOf[colour.space]} /Filter /FlateDecode`,
          deflateSync(colour.profile),
        );
      }
      space = `[/ICCBased ${this.#profile.number} 0 R]`;
    }
    if (colour.palette) {
      const last = colour.palette.length / componentsOf[colour.space] - 1;
      space = `[/Indexed ${space} ${last} <${colour.palette.toString("hex")}>]`;
    }
    const entries =
      `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} ` +
      `/ColorSpace ${space} /BitsPerComponent ${bitsPerComponent} ${coding}`;
    yield* this.#file.streamOf(number, entries, picture.bytes());
  }
}
