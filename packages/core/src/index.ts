export {
  type Config,
  type Limits,
  loadConfig,
  type SettingName,
  settings,
  type WorkerConfig,
} from "./config.ts";
export {
  contentTypes,
  type DocumentFacts,
  DocumentFactsSchema,
  type DocumentFormat,
  type DocumentOptions,
  type DocumentStatus,
  documentFormats,
  documentStatuses,
  type Lane,
  lanes,
  localOwnerId,
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
