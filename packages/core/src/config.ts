import * as v from "valibot";
import type { Lane } from "./document.ts";
import { QuireError } from "./errors.ts";

const megabyte = 1_000_000;
const mebibyte = 1024 * 1024;

const number = (text: string) => (text.trim() === "" ? Number.NaN : Number(text));
const atLeast = (minimum: number) =>
  v.pipe(
    v.string(),
    v.transform(number),
    v.number("is not a number"),
    v.finite("is not a number"),
    v.minValue(minimum, `is under ${minimum}`),
  );
const integerAtLeast = (minimum: number) => v.pipe(atLeast(minimum), v.integer("is not a whole number"));
const port = v.pipe(integerAtLeast(0), v.maxValue(65_535, "is over 65535"));
const text = v.pipe(v.string(), v.minLength(1, "is empty"));

/**
 * Every setting: its environment variable, its default as one would write it (`null`: derived or off), and
 * what it means. docs/configuration.md shows this table, and a test compares the two.
 */
export const settings = {
  MAX_FILE_MB: {
    default: "50",
    parse: atLeast(0),
    meaning: "Largest document accepted, in MB (1,000,000 bytes).",
  },
  MAX_PAGES: { default: "200", parse: integerAtLeast(1), meaning: "Most pages accepted in one document." },
  MAX_PAGE_MEGAPIXELS: {
    default: "100",
    parse: atLeast(0.01),
    meaning: "Largest image accepted as a page or inside a page, in million pixels.",
  },
  WARN_FILE_MB: {
    default: "10",
    parse: atLeast(0),
    meaning: "Above this size a document is read in conservative mode.",
  },
  WARN_PAGES: {
    default: "50",
    parse: integerAtLeast(0),
    meaning: "Above this many pages a document is read in conservative mode.",
  },
  PAGE_TIMEOUT_SECONDS: {
    default: "120",
    parse: atLeast(0.1),
    meaning: "Time one page may take; then it is failed with page_timeout and the document goes on.",
  },
  OCR_THREADS: {
    default: null,
    parse: integerAtLeast(1),
    meaning: "OCR threads. By default one a processor (by the cgroup's quota), as many as the memory bears.",
  },
  OCR_THREAD_MAX_PAGES: {
    default: "200",
    parse: integerAtLeast(1),
    meaning: "Pages after which an OCR thread is replaced.",
  },
  OCR_THREAD_MAX_MB: {
    default: "96",
    parse: atLeast(16),
    meaning: "WebAssembly memory (MiB) above which an OCR thread is replaced.",
  },
  GC_EVERY_PAGES: {
    default: "10",
    parse: integerAtLeast(1),
    meaning: "Pages after which the engine collects garbage.",
  },
  MEMORY_LIMIT_MB: {
    default: null,
    parse: atLeast(64),
    meaning:
      "Memory budget (MiB); the cgroup's limit holds where it is lower. By default the cgroup's, else the machine's.",
  },
  ENGINE_MAX_PAGES: {
    default: "500",
    parse: integerAtLeast(0),
    meaning: "Pages after which the engine is replaced, between two pages; 0: never for this.",
  },
  ENGINE_MAX_RSS_MB: {
    default: null,
    parse: atLeast(64),
    meaning: "Resident memory (MiB) of the engine above which it is replaced, between two pages.",
  },
  TESSDATA_DIR: {
    default: null,
    parse: text,
    meaning: "Folder of LANG.traineddata files (or .gz) to use instead of the installed npm packages.",
  },
  DATABASE_URL: {
    default: null,
    parse: v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\/./, "is no postgres:// URL")),
    meaning:
      "Postgres to work on: a direct connection or the session pooler. By default the one that `quire start` runs.",
    secret: true,
  },
  DATABASE_POOL_SIZE: {
    default: "5",
    parse: integerAtLeast(2),
    meaning: "Database connections of a worker, besides one that listens. `max` in the URL wins.",
  },
  QUIRE_HOME: {
    default: null,
    parse: text,
    meaning: "Folder for the embedded Postgres and the files. By default ~/.quire (root: see README).",
  },
  FILE_STORE_DIR: {
    default: null,
    parse: text,
    meaning: "Folder of the stored documents. By default `files` in QUIRE_HOME.",
  },
  TEMP_DIR: {
    default: null,
    parse: text,
    meaning: "Folder for copies of the documents being read. By default the system's temporary folder.",
  },
  WORKER_CONCURRENCY: {
    default: null,
    parse: integerAtLeast(1),
    meaning: "Documents a worker reads at once. By default what the memory bears, at most 5.",
  },
  CONCURRENCY_SMALL: {
    default: "15",
    parse: integerAtLeast(0),
    meaning: "Small documents (under 5 MB, up to 20 pages) read at once, within WORKER_CONCURRENCY.",
  },
  CONCURRENCY_MEDIUM: {
    default: "5",
    parse: integerAtLeast(0),
    meaning: "Medium documents (under 20 MB, up to 80 pages) read at once, within WORKER_CONCURRENCY.",
  },
  CONCURRENCY_LARGE: {
    default: "1",
    parse: integerAtLeast(0),
    meaning: "Large documents read at once, within WORKER_CONCURRENCY.",
  },
  POLL_SECONDS: {
    default: "5",
    parse: atLeast(0.1),
    meaning: "How often a worker looks for documents that no notification told it of.",
  },
  JOB_TIMEOUT_MINUTES: {
    default: "60",
    parse: atLeast(0.01),
    meaning: "Time one claim on a document may take; then it is taken off and tried again.",
  },
  NO_PROGRESS_MINUTES: {
    default: "5",
    parse: atLeast(0.01),
    meaning: "Time without a page begun or saved after which a document is taken off and tried again.",
  },
  SHUTDOWN_GRACE_SECONDS: {
    default: "60",
    parse: atLeast(0),
    meaning: "Time the pages under way have to finish after SIGTERM or Ctrl-C.",
  },
  RESTART_AFTER_JOBS: {
    default: "100",
    parse: integerAtLeast(0),
    meaning: "Documents after which the worker leaves, to be started afresh; 0: never for this.",
  },
  RESTART_AFTER_HOURS: {
    default: "12",
    parse: atLeast(0),
    meaning: "Hours after which the worker leaves, to be started afresh; 0: never for this.",
  },
  RESTART_JITTER: {
    default: "0.1",
    parse: v.pipe(atLeast(0), v.maxValue(1, "is over 1")),
    meaning:
      "Share by which each worker's own two bounds above differ at most, so that a fleet never leaves together.",
  },
  RESTART_MIN_UPTIME_MINUTES: {
    default: "30",
    parse: atLeast(0),
    meaning: "A worker does not leave before it has run so long.",
  },
  RESTART_DRAIN_MINUTES: {
    default: "5",
    parse: atLeast(0),
    meaning: "Time the open documents have to be finished before the worker leaves; then as after SIGTERM.",
  },
  RESTART_EXIT_CODE: {
    default: "0",
    parse: v.pipe(integerAtLeast(0), v.maxValue(255, "is over 255")),
    meaning: "Exit code of a worker that leaves to be started afresh.",
  },
  MAX_FAILED_PAGE_RATIO: {
    default: "0.5",
    parse: v.pipe(atLeast(0), v.maxValue(1, "is over 1")),
    meaning: "Share of failed pages beyond which a document is failed instead of partial.",
  },
  MAX_QUEUED_PER_OWNER: {
    default: "1000",
    parse: integerAtLeast(1),
    meaning:
      "Documents of one owner that may wait. Written to the database by `quire migrate` and `quire start`.",
  },
  MAX_QUEUED: {
    default: "100000",
    parse: integerAtLeast(1),
    meaning: "Documents that may wait in all. Written to the database by `quire migrate` and `quire start`.",
  },
  PORT: {
    default: null,
    parse: port,
    meaning:
      "Port of a worker's /health, /ready and /metrics, or of the web page; 0: any that is free. Some hosts set it.",
  },
  HEALTH_CHECK_PORT: {
    default: "10000",
    parse: port,
    meaning: "The same for a worker, where PORT is not set.",
  },
  WEB_PORT: {
    default: "8080",
    parse: port,
    meaning: "The same for the web page and its API, where PORT is not set.",
  },
  HOST: {
    default: "127.0.0.1",
    parse: text,
    meaning:
      "Address on which a worker's /health, /ready and /metrics answer (0.0.0.0 on a host that asks from outside), and the web page: that only on a loopback address, as nobody signs in.",
  },
  WEB_POOL_SIZE: {
    default: "5",
    parse: integerAtLeast(2),
    meaning: "Database connections of the web server, besides one that listens. `max` in the URL wins.",
  },
  UPLOAD_DIR: {
    default: null,
    parse: text,
    meaning: "Folder of uploads under way, of one web server alone. By default `uploads` in QUIRE_HOME.",
  },
  UPLOAD_EXPIRY_HOURS: {
    default: "24",
    parse: atLeast(0.01),
    meaning: "Hours without a byte after which an unfinished upload is removed.",
  },
  OPERATIONS_TOKEN: {
    default: null,
    parse: v.pipe(
      v.string(),
      v.minLength(16, "is shorter than 16 characters"),
      // What a header carries as it is, and ends at a space (RFC 6750, 2.1).
      v.regex(/^[\x21-\x7e]*$/, "has spaces or letters beyond ASCII, which no header carries"),
    ),
    meaning:
      "Where it is set, only who sends it (Authorization: Bearer …) sees /metrics, more of /health than its status, and /api/operations.",
    secret: true,
  },
  LOG_LEVEL: {
    default: "info",
    parse: v.picklist(["debug", "info", "warn", "error"], "is none of debug, info, warn, error"),
    meaning: "What is logged: debug, info, warn or error.",
  },
  LOG_FORMAT: {
    default: null,
    parse: v.picklist(["json", "pretty"], "is neither json nor pretty"),
    meaning: "json or pretty. By default pretty on a terminal, else json.",
  },
} as const;

export type SettingName = keyof typeof settings;

/** The whole configuration, with units in the names. */
export interface Config {
  readonly limits: Limits;
  readonly pageTimeoutSeconds: number;
  readonly ocrThreads: number | null;
  readonly ocrThreadMaxPages: number;
  readonly ocrThreadMaxBytes: number;
  readonly gcEveryPages: number;
  readonly memoryLimitBytes: number | null;
  readonly engineMaxPages: number;
  readonly engineMaxRssBytes: number | null;
  readonly tessdataDir: string | null;
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  readonly quireHome: string | null;
  readonly fileStoreDir: string | null;
  readonly tempDir: string | null;
  readonly worker: WorkerConfig;
  readonly restart: RestartConfig;
  readonly health: HealthConfig;
  readonly web: WebConfig;
  readonly queueLimits: { readonly maxQueuedPerOwner: number; readonly maxQueued: number };
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly logFormat: "json" | "pretty" | null;
}

/** How a worker goes about its documents. */
export interface WorkerConfig {
  readonly concurrency: number | null;
  readonly laneConcurrency: Readonly<Record<Lane, number>>;
  readonly pollSeconds: number;
  readonly jobTimeoutMinutes: number;
  readonly noProgressMinutes: number;
  readonly shutdownGraceSeconds: number;
  readonly maxFailedPageRatio: number;
}

/** When a worker leaves by itself, to be started afresh; 0 turns a bound off. */
export interface RestartConfig {
  readonly afterJobs: number;
  readonly afterHours: number;
  readonly jitter: number;
  readonly minUptimeMinutes: number;
  readonly drainMinutes: number;
  readonly exitCode: number;
}

/** Where a worker says how it stands. */
export interface HealthConfig {
  readonly host: string;
  readonly port: number;
  readonly token: string | null;
}

/** Where the web page and its API are served, and what they keep of uploads under way. */
export interface WebConfig {
  readonly host: string;
  readonly port: number;
  readonly token: string | null;
  readonly poolSize: number;
  readonly uploadDir: string | null;
  readonly uploadExpiryHours: number;
}

/** What a document may weigh, and from where on it is read with more care. */
export interface Limits {
  readonly maxFileBytes: number;
  readonly maxPages: number;
  readonly maxPagePixels: number;
  readonly warnFileBytes: number;
  readonly warnPages: number;
}

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
