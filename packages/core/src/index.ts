export { type Config, type Limits, loadConfig, type SettingName, settings } from "./config.ts";
export {
  type DocumentFacts,
  DocumentFactsSchema,
  type DocumentFormat,
  documentFormats,
  type TextLayerMode,
  textLayerModes,
} from "./document.ts";
export { type ErrorCode, errorCodes, isErrorCode, QuireError } from "./errors.ts";
export {
  type Box,
  BoxSchema,
  failedPage,
  type PageError,
  type PageOutcome,
  type PageResult,
  PageResultSchema,
  type PageWarning,
  pageOutcomes,
  pageWarnings,
  type Word,
  WordSchema,
} from "./page.ts";
