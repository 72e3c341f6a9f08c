export type { KillReason } from "./client/blame.ts";
export { checkFileSize, sizeOf } from "./client/checkFileSize.ts";
export {
  Engine,
  type EngineEvent,
  type EngineOptions,
  type OpenOptions,
  type ReaderStatus,
  type RecycleReason,
} from "./client/engine.ts";
export type { EngineDocument, PagesOptions } from "./client/engineDocument.ts";
export type { EngineDeath } from "./client/enginePorts.ts";
export {
  documentsBearable,
  engineBytes,
  engineCosts,
  engineSettings,
  heapMegabytes,
  plannedShare,
  rasterPixels,
  rasterPixelsPerBudgetByte,
  threadsBearable,
} from "./client/engineSettings.ts";
export type { Isolation } from "./confinement/isolation.ts";
export { sniffBytes, sniffFormat } from "./formats/sniff.ts";
export { languageTitle } from "./languages/languageTitle.ts";
export { scriptTitle } from "./languages/script.ts";
export { usualLanguage } from "./languages/usualFirst.ts";
export {
  type EngineFigures,
  type EngineSettings,
  maxPreviewBytes,
  type ReadOptions,
  type ReadPage,
} from "./protocol.ts";
export { chooseResolution } from "./raster/resolution.ts";
export { findModel, listModels, parseLanguages, readModel } from "./tesseract/models.ts";
