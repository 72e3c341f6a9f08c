import { type Logger, pino } from "pino";
import type { Config } from "./config/config.ts";
import { QuireError } from "./errors.ts";

export type { Logger } from "pino";

/**
 * The log of a process, on standard output: JSON, or readable on a terminal. It carries ids and figures; never
 * text, file names, storage keys or owners.
 */
export async function createLog({ logLevel, logFormat }: Config): Promise<Logger> {
  const format = logFormat ?? (process.stdout.isTTY ? "pretty" : "json");
  const options = { level: logLevel, base: {}, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === "json") {
    const destination = pino.destination({ fd: 1, sync: true });
    // A full disk behind the log is no reason to stop reading documents.
    destination.on("error", () => {});
    return pino(options, destination);
  }
  // Not loaded where nobody looks.
  const { default: pretty } = await import("pino-pretty");
  return pino(
    options,
    pretty({ sync: true, singleLine: true, ignore: "worker", translateTime: "SYS:HH:MM:ss" }),
  );
}

/**
 * What may be said of an error. A QuireError's message is made for people and names no document; anybody else's
 * may carry a path or a row, so that only its kind and where it came from are told.
 */
export function describeError(error: unknown): Record<string, unknown> {
  // pg-boss emits some of its errors as plain objects.
  if (!(error instanceof Error))
    return { kind: typeof error, code: (error as { code?: unknown } | null)?.code };
  const { code, syscall, routine } = error as { code?: unknown; syscall?: unknown; routine?: unknown };
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  if (error instanceof QuireError) return { code, message: error.message, cause };
  const at = error.stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 5)
    .map((line) => line.trim());
  return { kind: error.name, code, syscall, routine, at, cause };
}
