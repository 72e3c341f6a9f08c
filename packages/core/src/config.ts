import * as v from "valibot";
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
  TESSDATA_DIR: {
    default: null,
    parse: text,
    meaning: "Folder of LANG.traineddata files (or .gz) to use instead of the installed npm packages.",
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
  readonly tessdataDir: string | null;
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
      problems.push(`${name}="${given}" ${result.issues[0].message}`);
      return null;
    }
    return result.output;
  };
  const required = (name: SettingName) => Number(read(name));
  const optional = (name: SettingName) => read(name) as number | null;

  const memoryLimitMb = optional("MEMORY_LIMIT_MB");
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
    tessdataDir: read("TESSDATA_DIR") as string | null,
  };

  if (problems.length > 0) {
    throw new QuireError(
      "invalid_configuration",
      `The environment does not fit: ${problems.join("; ")}. See docs/configuration.md.`,
    );
  }
  return config;
}
