import type { MeasureText } from "./wordLayout.ts";

/** As in WordLayer.css. */
const fontFamily = "sans-serif";
/** Large, for widths of small fonts are rounded. */
const measuredAtPixels = 100;

let canvas: CanvasRenderingContext2D | null = null;

/** Measures with the browser's own font. */
export const measureText: MeasureText = (text) => {
  canvas ??= document.createElement("canvas").getContext("2d");
  if (canvas === null) {
    return 0;
  }
  canvas.font = `${measuredAtPixels}px ${fontFamily}`;
  return canvas.measureText(text).width / measuredAtPixels;
};
