import { type ErrorCode, QuireError } from "@quire/core";

export const exitCodes = { read: 0, internal: 1, usage: 2, refused: 3, partial: 4 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const usageErrors: readonly ErrorCode[] = [
  "invalid_configuration",
  "language_missing",
  "models_missing",
  "models_damaged",
  "page_out_of_range",
  "output_unwritable",
  "document_not_found",
  "invalid_document",
  "webhook_not_found",
  "invalid_webhook",
  "invalid_request",
  "schema_outdated",
  "already_running",
  "port_in_use",
];
const internalErrors: readonly ErrorCode[] = [
  "engine_unavailable",
  "database_unavailable",
  "storage_unavailable",
  "temp_dir_unavailable",
  "internal_error",
  "worker_unreachable",
  "output_busy",
  "output_timeout",
];

export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof QuireError)) return exitCodes.internal;
  if (usageErrors.includes(error.code)) return exitCodes.usage;
  return internalErrors.includes(error.code) ? exitCodes.internal : exitCodes.refused;
}

/** One line for a person: what happened, the code, and what to do. */
export function explain(error: unknown): string {
  if (error instanceof QuireError) return `${error.code}: ${error.message}`;
  return `internal error: ${error instanceof Error ? error.message : String(error)}`;
}

/** From the most to the least serious: what a run over several documents ends with. */
const seriousness: readonly ExitCode[] = [
  exitCodes.internal,
  exitCodes.usage,
  exitCodes.refused,
  exitCodes.partial,
  exitCodes.read,
];

export function mostSerious(codes: readonly ExitCode[]): ExitCode {
  return seriousness.find((code) => codes.includes(code)) ?? exitCodes.read;
}
