import { QuireError } from "@quire/core";
import type { BriefReport, HealthReport } from "@quire/worker";

/** JSON has dates as text. */
type Told<Value> = Value extends Date
  ? string
  : Value extends object
    ? { readonly [Key in keyof Value]: Told<Value[Key]> }
    : Value;

export type FullStatus = Told<HealthReport>;
/** Without the token a worker tells its status only. */
export type StatusReport = FullStatus | Told<BriefReport>;

export interface StatusAnswer {
  readonly report: StatusReport;
  /** What `/health` says by its HTTP status. */
  readonly healthy: boolean;
}

/** A worker that is alive answers in milliseconds; a host's health check gives up after 5 s (Render). */
const answerWithinMs = 5_000;
/** A hundred times what the report of a busy worker takes. */
const maxAnswerBytes = 1_000_000;

/**
 * Asks a worker how it stands.
 *
 * @param signal ends the asking
 * @throws QuireError `worker_unreachable` if nobody answers, or something that is no worker
 */
export async function askWorker(url: URL, token: string | null, signal?: AbortSignal): Promise<StatusAnswer> {
  const target = new URL("health", url);
  const tooLate = AbortSignal.timeout(answerWithinMs);
  try {
    const response = await fetch(target, {
      // The token is for this worker only.
      redirect: "error",
      signal: signal === undefined ? tooLate : AbortSignal.any([signal, tooLate]),
      headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    });
    const report = parse(await boundedText(response));
    if (report !== null) return { report, healthy: response.ok };
  } catch (cause) {
    const why = (cause as { cause?: { code?: string } }).cause?.code ?? (cause as Error).name;
    throw unreachable(
      `No worker answers at ${target} (${why}). Start one (quire start, quire worker), or name its address`,
      cause,
    );
  }
  throw unreachable(`What answers at ${target} is no worker of this version. Name a worker's address`);
}

function unreachable(what: string, cause?: unknown): QuireError {
  return new QuireError("worker_unreachable", `${what}: --url http://HOST:PORT, or HOST and PORT.`, {
    cause,
  });
}

async function boundedText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxAnswerBytes) return "";
  }
  return text;
}

const shownParts = [
  "memory",
  "heap",
  "engine",
  "documents",
  "concurrency",
  "rates",
  "counts",
  "restart",
  "events",
] as const;

/** Null if this is no report: not JSON, or of a version that tells other things. */
function parse(text: string): StatusReport | null {
  try {
    const report = JSON.parse(text) as Partial<FullStatus> | null;
    if (typeof report?.status !== "string" || !Array.isArray(report.reasons)) return null;
    const told = shownParts.filter((part) => typeof report[part] === "object" && report[part] !== null);
    return told.length === 0 || told.length === shownParts.length ? (report as StatusReport) : null;
  } catch {
    return null;
  }
}

export function isFull(report: StatusReport): report is FullStatus {
  return "memory" in report;
}
