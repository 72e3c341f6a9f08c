export type {
  Config,
  HealthConfig,
  Limits,
  RestartConfig,
  RetentionConfig,
  SupabaseConfig,
  WebConfig,
  WorkerConfig,
} from "./config/config.ts";
export { loadConfig } from "./config/loadConfig.ts";
export { type SettingName, settings } from "./config/settings.ts";
export {
  automaticLanguage,
  type CorrectionMode,
  contentTypes,
  correctionModes,
  type DocumentFacts,
  DocumentFactsSchema,
  type DocumentFormat,
  type DocumentOptions,
  type DocumentStatus,
  documentFormats,
  documentStatuses,
  formatOf,
  type Lane,
  lanes,
  localOwnerId,
  type TextLayerMode,
  textLayerModes,
} from "./document.ts";
export { type ErrorCode, errorCodes, isErrorCode, QuireError, type RequestErrorCode } from "./errors.ts";
export {
  type PageGeometry,
  readingSpace,
  toReadingSpace,
  type WordRectangle,
  wordRectangle,
} from "./geometry.ts";
export { whenToldToLeave } from "./leaving.ts";
export { cannotListen } from "./listening.ts";
export {
  type Box,
  BoxSchema,
  countUncertainNumbers,
  failedPage,
  maxSkew,
  type Orientation,
  type PageError,
  type PageOutcome,
  type PageReader,
  PageReaderSchema,
  type PageResult,
  PageResultSchema,
  type PageWarning,
  pageOutcomes,
  pageWarnings,
  type Quality,
  qualities,
  readerVersion,
  type Word,
  WordSchema,
} from "./page.ts";
export { type WebhookEvent, webhookEvents } from "./webhook.ts";
export { within } from "./within.ts";
