import type { GreyRaster } from "../../raster/greyRaster.ts";
import type { OpenedPage, Rotation } from "../openedDocument.ts";
import { imageDpi } from "./imageSize.ts";

/** What is known of an image from its header, before it is decoded. Sizes are as stored, before rotation. */
export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  /** Resolution across and down, where the file states it. Standard fax has 204 × 98. */
  readonly dpiAcross?: number | undefined;
  readonly dpiDown?: number | undefined;
  readonly rotation: Rotation;
  /** The orientation the rotation comes from (TIFF 6.0, tag 274): 2, 4, 5 and 7 are mirrored as well. */
  readonly orientation?: number | undefined;
  /** Whether it has to be decoded whole before the first row is there: progressive, interlaced. */
  readonly whole?: boolean | undefined;
}

/** What decoding takes for each pixel, measured on 81 megapixels of colour: in rows, and where all is needed at once. */
const decodedBytesPerPixel = { rows: 0.7, whole: 4 };

type Decode = (size: { width: number; height: number; dpi: number }) => Promise<GreyRaster>;

/** How large a page is, upright, in inches, and the resolution its image is taken to have. */
export interface PageSize {
  readonly widthInches: number;
  readonly heightInches: number;
  readonly dpi: number;
  /** Whether that is a guess: the file does not say, or says what cannot be. */
  readonly dpiIsAssumed: boolean;
}

/** The size of a page that is one image. Pixels that are not square are made square by the finer of the two resolutions. */
export function imagePageSize(header: ImageHeader): PageSize {
  const across = header.dpiAcross ?? header.dpiDown;
  const down = header.dpiDown ?? header.dpiAcross;
  const stretch = across && down ? across / down : 1;
  // Only a fax has pixels this far from square; anything else is a mistake in the file.
  const square = stretch < 0.4 || stretch > 2.6 ? 1 : stretch;
  const width = square < 1 ? header.width / square : header.width;
  const height = square > 1 ? header.height * square : header.height;

  const { dpi, assumed } = imageDpi(
    Math.max(width, height),
    across && down ? Math.max(across, down) : across,
  );
  const turned = header.rotation === 90 || header.rotation === 270;
  const [uprightWidth, uprightHeight] = turned ? [height, width] : [width, height];
  return { widthInches: uprightWidth / dpi, heightInches: uprightHeight / dpi, dpi, dpiIsAssumed: assumed };
}

/** A page that is one image. */
export function rasterPage(header: ImageHeader, decode: Decode): OpenedPage {
  const { widthInches, heightInches, dpi, dpiIsAssumed } = imagePageSize(header);
  return {
    widthInches,
    heightInches,
    rotation: header.rotation,
    ownDpi: dpi,
    dpiIsAssumed,
    warnings: [],
    decodeBytes: header.width * header.height * decodedBytesPerPixel[header.whole ? "whole" : "rows"],
    textLayer: null,
    rasterise: (wanted) =>
      decode({
        width: Math.max(1, Math.round(widthInches * wanted)),
        height: Math.max(1, Math.round(heightInches * wanted)),
        dpi: wanted,
      }),
    close() {},
  };
}
