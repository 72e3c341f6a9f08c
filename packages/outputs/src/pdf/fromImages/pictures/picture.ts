/** What the samples of a picture mean. Where the file brings a colour profile that is worth carrying, it comes along. */
export interface PictureColour {
  readonly space: "grey" | "rgb" | "cmyk";
  readonly profile: Buffer | null;
  /** Where samples are places in a palette: its colours, each with the components of the space. */
  readonly palette?: Buffer;
}

/** A page's picture as a PDF carries it. Sizes are as stored, in pixels, before any turn. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly colour: PictureColour;
  readonly bitsPerComponent: number;
  /** How the bytes are decoded, in PDF syntax: /Filter, /DecodeParms and /Decode. */
  readonly coding: string;
  bytes(): AsyncIterable<Uint8Array>;
}

/** Samples of each pixel in a colour space. */
export const componentsOf = { grey: 1, rgb: 3, cmyk: 4 } as const;
