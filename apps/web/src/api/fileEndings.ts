import type { DocumentFormat } from "@quire/core";

/** How files of each format are called; the first is the one that we give. */
export const fileEndings: Readonly<Record<DocumentFormat, readonly [string, ...string[]]>> = {
  pdf: ["pdf"],
  tiff: ["tif", "tiff"],
  jpeg: ["jpg", "jpeg"],
  png: ["png"],
  webp: ["webp"],
  gif: ["gif"],
  bmp: ["bmp"],
  avif: ["avif"],
};
