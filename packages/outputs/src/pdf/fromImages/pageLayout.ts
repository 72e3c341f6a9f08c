import type { PageResult } from "@quire/core";
import { type ImageHeader, imagePageSize, type Rotation } from "@quire/engine/images";
import type { Matrix } from "../textLayer/matrix.ts";

/** How a page lies in the PDF: its picture as it is stored, turned by the viewer. */
export interface PageLayout {
  /** Of the page before the turn, in points. */
  readonly width: number;
  readonly height: number;
  /** Clockwise, in degrees: what the file asks for, and what brings its writing upright. */
  readonly turn: Rotation;
  /** From the square of one by one, in which a picture is drawn, to the page. */
  readonly picture: Matrix;
  /** From the page's box space, in pixels, to the page; null where it has none. */
  readonly text: Matrix | null;
}

const pointsPerInch = 72;
/** ISO 32000-1, annex C.2: no page is smaller. */
const leastPoints = 3;
/** A page that nothing is known of: A4, in points. */
const unknownPage = { width: 595, height: 842 };

/** @param header null where the file does not say how large the page is */
export function layOutPage(header: ImageHeader | null, result: PageResult | undefined): PageLayout {
  const turn = (((header?.rotation ?? 0) + (result?.orientation ?? 0)) % 360) as Rotation;
  const { width, height } = header ? storedPoints(header) : unknownPage;
  return {
    width,
    height,
    turn,
    picture: pictureMatrix(header?.orientation, width, height),
    text: header && result ? textMatrix(header.rotation, width, height, result) : null,
  };
}

function storedPoints(header: ImageHeader): { width: number; height: number } {
  const { widthInches, heightInches } = imagePageSize(header);
  const [width, height] = [widthInches, heightInches].map((inches) =>
    Math.max(leastPoints, inches * pointsPerInch),
  ) as [number, number];
  const turned = header.rotation === 90 || header.rotation === 270;
  return turned ? { width: height, height: width } : { width, height };
}

/** Orientations 2 and 4 are mirrored from side to side, 5 and 7 from top to bottom, before they are turned. */
function pictureMatrix(orientation: number | undefined, width: number, height: number): Matrix {
  if (orientation === 2 || orientation === 4) return [-width, 0, 0, height, width, 0];
  if (orientation === 5 || orientation === 7) return [width, 0, 0, -height, 0, height];
  return [width, 0, 0, height, 0, 0];
}

/** Box space has the file's own turn behind it, and y runs down; the page has neither. */
function textMatrix(
  rotation: Rotation,
  width: number,
  height: number,
  box: { readonly width: number; readonly height: number },
): Matrix | null {
  if (box.width === 0 || box.height === 0) return null;
  switch (rotation) {
    case 90:
      return [0, height / box.width, width / box.height, 0, 0, 0];
    case 180:
      return [-width / box.width, 0, 0, height / box.height, width, 0];
    case 270:
      return [0, -height / box.width, -width / box.height, 0, width, height];
    default:
      return [width / box.width, 0, 0, -height / box.height, 0, height];
  }
}
