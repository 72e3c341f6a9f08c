import * as v from "valibot";

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
    meaning:
      "Pages recognised at once, each in a thread that holds the models (about 40 MB). By default one a processor (by the cgroup's quota), as many as the memory bears.",
  },
  OCR_THREAD_MAX_PAGES: {
    default: "200",
    parse: integerAtLeast(1),
    meaning: "Pages after which an OCR thread is replaced, and its models loaded again.",
  },
  OCR_THREAD_MAX_MB: {
    default: "96",
    parse: atLeast(16),
    meaning: "WebAssembly memory (MiB) of Tesseract in an OCR thread above which it is replaced.",
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
    meaning: "Pages after which the engine is replaced, between two pages; 0: off.",
  },
  ENGINE_MAX_RSS_MB: {
    default: null,
    parse: atLeast(64),
    meaning: "Resident memory (MiB) of the engine above which it is replaced, between two pages.",
  },
  READER: {
    default: "auto",
    parse: v.picklist(["auto", "tesseract"], 'is neither "auto" nor "tesseract"'),
    meaning:
      "What reads pages: auto (PP-OCR, and Tesseract for what it does not cover or where onnxruntime cannot be loaded), or tesseract alone.",
  },
  OCR_QUALITY: {
    default: "balanced",
    parse: v.picklist(["fast", "balanced", "best"], 'is neither "fast", "balanced" nor "best"'),
    meaning:
      "What the second, accurate recogniser reads again: fast (numbers), balanced (numbers and uncertain words), best (everything).",
  },
  MODELS_DIR: {
    default: null,
    parse: text,
    meaning:
      "Folder of PP-OCR models to use instead of those that come with Quire (packages/models/README.md). Trusted: see docs/security.md.",
  },
  TESSDATA_DIR: {
    default: null,
    parse: text,
    meaning:
      "Folder of Tesseract's LANG.traineddata files (or .gz) to use instead of the installed npm packages.",
  },
  DATABASE_URL: {
    default: null,
    parse: v.pipe(
      v.string(),
      v.regex(/^postgres(ql)?:\/\/./, "is no postgres:// URL"),
      v.check(
        (text) => URL.canParse(text),
        "cannot be read as a URL: write special characters of the password as %XX",
      ),
    ),
    meaning:
      "Postgres to use: a direct connection or the session pooler. By default the one that `quire start` runs.",
    secret: true,
  },
  DATABASE_POOL_SIZE: {
    default: "5",
    parse: integerAtLeast(2),
    meaning:
      "Database connections of a worker, not counting the one that listens. `max` in the URL overrides it.",
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
    meaning: "Seconds between polls of a worker for documents whose notification it missed.",
  },
  JOB_TIMEOUT_MINUTES: {
    default: "60",
    parse: atLeast(0.01),
    meaning: "Time one claim on a document may take; then the document is released and retried.",
  },
  NO_PROGRESS_MINUTES: {
    default: "5",
    parse: atLeast(0.01),
    meaning: "Time without a page begun or saved after which a document is released and retried.",
  },
  SHUTDOWN_GRACE_SECONDS: {
    default: "60",
    parse: atLeast(0),
    meaning: "Time that pages under way have to finish after SIGTERM or Ctrl-C.",
  },
  RESTART_AFTER_JOBS: {
    default: "100",
    parse: integerAtLeast(0),
    meaning: "Documents after which the worker exits, to be restarted; 0: off.",
  },
  RESTART_AFTER_HOURS: {
    default: "12",
    parse: atLeast(0),
    meaning: "Hours after which the worker exits, to be restarted; 0: off.",
  },
  RESTART_JITTER: {
    default: "0.1",
    parse: v.pipe(atLeast(0), v.maxValue(1, "is over 1")),
    meaning:
      "Random variation of the two limits above for each worker, as a share, so that a fleet does not restart all at once.",
  },
  RESTART_MIN_UPTIME_MINUTES: {
    default: "30",
    parse: atLeast(0),
    meaning: "A worker does not restart itself before it has run this long.",
  },
  RESTART_DRAIN_MINUTES: {
    default: "5",
    parse: atLeast(0),
    meaning: "Time that open documents have to finish before the worker restarts; then as after SIGTERM.",
  },
  RESTART_EXIT_CODE: {
    default: "0",
    parse: v.pipe(integerAtLeast(0), v.maxValue(255, "is over 255")),
    meaning: "Exit code of a worker that restarts itself.",
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
    meaning: "The same for a worker, if PORT is not set.",
  },
  WEB_PORT: {
    default: "8080",
    parse: port,
    meaning: "The same for the web page and its API, if PORT is not set.",
  },
  HOST: {
    default: "127.0.0.1",
    parse: text,
    meaning:
      "Address on which the web page and a worker's /health, /ready and /metrics answer; 0.0.0.0 if the host checks from outside. The web page binds to loopback only unless sign-in is configured (SUPABASE_URL and SUPABASE_ANON_KEY).",
  },
  WEB_POOL_SIZE: {
    default: "5",
    parse: integerAtLeast(2),
    meaning:
      "Database connections of the web server, not counting the one that listens. `max` in the URL overrides it.",
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
  SUPABASE_URL: {
    default: null,
    parse: v.pipe(v.string(), v.regex(/^https?:\/\/[^/?#@]+\/?$/, "is no http(s):// address without a path")),
    meaning:
      "Supabase project (https://….supabase.co): where people sign in, and by default where files are kept.",
  },
  SUPABASE_ANON_KEY: {
    default: null,
    parse: text,
    meaning: "Its anon (publishable) key, which the page uses to sign people in.",
  },
  SUPABASE_SERVICE_ROLE_KEY: {
    default: null,
    parse: text,
    meaning: "Its service-role (secret) key, to read and write the file store.",
    secret: true,
  },
  SUPABASE_JWT_SECRET: {
    default: null,
    parse: v.pipe(v.string(), v.minLength(32, "is shorter than 32 characters")),
    meaning:
      "Its legacy JWT secret, if tokens are still signed with it. By default only its published keys are accepted.",
    secret: true,
  },
  SUPABASE_BUCKET: {
    default: "documents",
    parse: v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9_-]{1,63}$/, "is no bucket name of letters, digits, - and _"),
    ),
    meaning: "Private bucket of the file store.",
  },
  RETENTION_DAYS: {
    default: null,
    parse: atLeast(1),
    meaning:
      "Delete a document and its results this many days after it finished (or, if it never finished, after it was last queued). By default never.",
  },
  ORIGINAL_RETENTION_DAYS: {
    default: null,
    parse: atLeast(1),
    meaning:
      "Delete the file of a document, and keep its results, this many days after it finished. By default never.",
  },
  AUDIT_RETENTION_DAYS: {
    default: null,
    parse: atLeast(1),
    meaning: "Days after which entries of the audit log are removed. By default never.",
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
      "If set, /metrics, the details of /health and /api/operations require it (Authorization: Bearer …). If sign-in is configured, /api/operations always requires it.",
    secret: true,
  },
  WEBHOOK_ALLOW_PRIVATE: {
    default: "false",
    parse: v.picklist(["true", "false"], "is neither true nor false"),
    meaning:
      "true: allow webhooks to loopback and private addresses, and over http. For your own network only.",
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
