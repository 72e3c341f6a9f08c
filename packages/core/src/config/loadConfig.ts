import * as v from "valibot";
import { QuireError } from "../errors.ts";
import type { Config } from "./config.ts";
import { type SettingName, settings } from "./settings.ts";

const megabyte = 1_000_000;
const mebibyte = 1024 * 1024;

/**
 * Reads the configuration from the environment; the only place that does.
 *
 * @throws QuireError `invalid_configuration`, naming each variable that is wrong.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];

  const read = <Name extends SettingName>(name: Name) => {
    const { default: fallback, parse } = settings[name];
    const given = env[name] === undefined || env[name] === "" ? fallback : env[name];
    if (given === null) return null;
    const result = v.safeParse(parse as v.GenericSchema<string, number | string>, given);
    if (!result.success) {
      const shown = "secret" in settings[name] ? name : `${name}="${given}"`;
      problems.push(`${shown} ${result.issues[0].message}`);
      return null;
    }
    return result.output;
  };
  const required = (name: SettingName) => Number(read(name));
  const optional = (name: SettingName) => read(name) as number | null;
  const word = (name: SettingName) => read(name) as string | null;

  const memoryLimitMb = optional("MEMORY_LIMIT_MB");
  const engineMaxRssMb = optional("ENGINE_MAX_RSS_MB");
  const supabaseUrl = word("SUPABASE_URL");
  const config: Config = {
    limits: {
      maxFileBytes: Math.round(required("MAX_FILE_MB") * megabyte),
      maxPages: required("MAX_PAGES"),
      maxPagePixels: Math.round(required("MAX_PAGE_MEGAPIXELS") * 1_000_000),
      warnFileBytes: Math.round(required("WARN_FILE_MB") * megabyte),
      warnPages: required("WARN_PAGES"),
    },
    pageTimeoutSeconds: required("PAGE_TIMEOUT_SECONDS"),
    ocrThreads: optional("OCR_THREADS"),
    ocrThreadMaxPages: required("OCR_THREAD_MAX_PAGES"),
    ocrThreadMaxBytes: Math.round(required("OCR_THREAD_MAX_MB") * mebibyte),
    gcEveryPages: required("GC_EVERY_PAGES"),
    memoryLimitBytes: memoryLimitMb === null ? null : Math.round(memoryLimitMb * mebibyte),
    engineMaxPages: required("ENGINE_MAX_PAGES"),
    engineMaxRssBytes: engineMaxRssMb === null ? null : Math.round(engineMaxRssMb * mebibyte),
    reader: word("READER") as Config["reader"],
    quality: word("OCR_QUALITY") as Config["quality"],
    modelsDir: word("MODELS_DIR"),
    tessdataDir: word("TESSDATA_DIR"),
    databaseUrl: word("DATABASE_URL"),
    databasePoolSize: required("DATABASE_POOL_SIZE"),
    quireHome: word("QUIRE_HOME"),
    fileStoreDir: word("FILE_STORE_DIR"),
    tempDir: word("TEMP_DIR"),
    worker: {
      concurrency: optional("WORKER_CONCURRENCY"),
      laneConcurrency: {
        small: required("CONCURRENCY_SMALL"),
        medium: required("CONCURRENCY_MEDIUM"),
        large: required("CONCURRENCY_LARGE"),
      },
      pollSeconds: required("POLL_SECONDS"),
      jobTimeoutMinutes: required("JOB_TIMEOUT_MINUTES"),
      noProgressMinutes: required("NO_PROGRESS_MINUTES"),
      shutdownGraceSeconds: required("SHUTDOWN_GRACE_SECONDS"),
      maxFailedPageRatio: required("MAX_FAILED_PAGE_RATIO"),
    },
    restart: {
      afterJobs: required("RESTART_AFTER_JOBS"),
      afterHours: required("RESTART_AFTER_HOURS"),
      jitter: required("RESTART_JITTER"),
      minUptimeMinutes: required("RESTART_MIN_UPTIME_MINUTES"),
      drainMinutes: required("RESTART_DRAIN_MINUTES"),
      exitCode: required("RESTART_EXIT_CODE"),
    },
    health: {
      host: word("HOST") as string,
      port: optional("PORT") ?? required("HEALTH_CHECK_PORT"),
      token: word("OPERATIONS_TOKEN"),
    },
    web: {
      host: word("HOST") as string,
      port: optional("PORT") ?? required("WEB_PORT"),
      token: word("OPERATIONS_TOKEN"),
      poolSize: required("WEB_POOL_SIZE"),
      uploadDir: word("UPLOAD_DIR"),
      uploadExpiryHours: required("UPLOAD_EXPIRY_HOURS"),
    },
    supabase:
      supabaseUrl === null
        ? null
        : {
            url: supabaseUrl.replace(/\/$/, ""),
            anonKey: word("SUPABASE_ANON_KEY"),
            serviceRoleKey: word("SUPABASE_SERVICE_ROLE_KEY"),
            jwtSecret: word("SUPABASE_JWT_SECRET"),
            bucket: word("SUPABASE_BUCKET") as string,
          },
    webhooks: { allowPrivate: word("WEBHOOK_ALLOW_PRIVATE") === "true" },
    retention: {
      documentDays: optional("RETENTION_DAYS"),
      originalDays: optional("ORIGINAL_RETENTION_DAYS"),
      auditDays: optional("AUDIT_RETENTION_DAYS"),
    },
    queueLimits: { maxQueuedPerOwner: required("MAX_QUEUED_PER_OWNER"), maxQueued: required("MAX_QUEUED") },
    logLevel: word("LOG_LEVEL") as Config["logLevel"],
    logFormat: word("LOG_FORMAT") as Config["logFormat"],
  };

  if (problems.length > 0) {
    throw new QuireError(
      "invalid_configuration",
      `The environment does not fit: ${problems.join("; ")}. See docs/configuration.md.`,
    );
  }
  return config;
}
