/** A page as 8-bit grey, 0 black to 255 white, rows without padding. `dpi` is the resolution it was made at. */
export interface GreyRaster {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  readonly pixels: Uint8Array;
}

/** Writes the luma (ITU-R BT.601) of opaque RGBA pixels, such as a canvas gives, into grey pixels. */
export function rgbaToGrey(rgba: Uint8ClampedArray, grey: Uint8Array): void {
  for (let index = 0; index < grey.length; index++) {
    const red = rgba[index * 4] as number;
    const green = rgba[index * 4 + 1] as number;
    const blue = rgba[index * 4 + 2] as number;
    grey[index] = (red * 299 + green * 587 + blue * 114) / 1000;
  }
}
