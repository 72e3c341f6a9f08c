/** A page as 8-bit grey, 0 black to 255 white, rows without padding. `dpi` is the resolution it was made at. */
export interface GreyRaster {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  readonly pixels: Uint8Array;
}
