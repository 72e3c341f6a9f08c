/**
 * The reader without its process, for `npm run calibrate`: it runs in the caller's thread, on documents that the caller
 * trusts.
 */
export { openDocument } from "./formats/openDocument.ts";
export type { GreyRaster } from "./raster/greyRaster.ts";
export {
  type Calibration,
  type Check,
  checkOf,
  confidenceOf,
  features,
  uncalibrated,
} from "./reader/confidence.ts";
export { type RasterReading, readRaster } from "./reader/readRaster.ts";
export type { Character } from "./reader/recognise.ts";
export { resize } from "./reader/resize.ts";
export { loadNetworks, type ReaderNetworks } from "./reader/sessions.ts";
