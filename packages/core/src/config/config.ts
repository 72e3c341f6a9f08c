import type { Lane } from "../document.ts";
import type { Quality } from "../page.ts";

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
  /** What reads pages: `auto` is PP-OCR, with Tesseract for what that does not cover. */
  readonly reader: "auto" | "tesseract";
  /** How much is read twice, where a document does not say. */
  readonly quality: Quality;
  readonly modelsDir: string | null;
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
  /** Null: neither sign-in nor files by Supabase. */
  readonly supabase: SupabaseConfig | null;
  /** `allowPrivate`: also by http, and to addresses of one's own network. */
  readonly webhooks: { readonly allowPrivate: boolean };
  readonly retention: RetentionConfig;
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

/** The Supabase project that people sign in to, and that keeps the files. */
export interface SupabaseConfig {
  /** Without a slash at its end. */
  readonly url: string;
  /** Null: nobody can sign in to the page. */
  readonly anonKey: string | null;
  /** Null: the files are in a folder. */
  readonly serviceRoleKey: string | null;
  /** Null: only tokens signed with the project's published keys count. */
  readonly jwtSecret: string | null;
  readonly bucket: string;
}

/** After how many days what is erased; null: never. */
export interface RetentionConfig {
  readonly documentDays: number | null;
  readonly originalDays: number | null;
  readonly auditDays: number | null;
}
