import { setTimeout as delay } from "node:timers/promises";
import { QuireError } from "@quire/core";
import pg from "pg";
import { freePort } from "./freePort.ts";
import { emptyLog, logTail, postgresError } from "./postgresLog.ts";
import { findPostmaster, removeMisleadingLock } from "./postmaster.ts";
import { type Cluster, superuser } from "./prepareCluster.ts";
import { runProgram } from "./runProgram.ts";
import { stopPostmaster } from "./stopPostmaster.ts";

const startTimeoutMs = 60_000;
const connectTimeoutMs = 5_000;
const pollMs = 50;
/** pg_ctl stops waiting by itself; this long after that, it hangs. */
const graceMs = 5_000;

/**
 * A machine's own small database: reachable from nowhere else (a socket's path may have no more than 107 bytes,
 * so there is none), and with a log that does not grow by a line every five minutes.
 */
const defaultSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "32MB",
  max_connections: "60",
  log_checkpoints: "off",
  // A row or a statement that failed may carry a file's name: neither reaches the log.
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
};

/** What may stand in the way of a start and pass: another process that starts or is just ending. */
const inTheWay =
  /lock file "postmaster\.pid" (?:already exists|is empty)|pre-existing shared memory block|Address already in use/;

/** From Postgres' errcodes: it runs, and more must not be asked. */
const tooManyConnections = "53300";
const notYet = new Set(["57P03", "ECONNREFUSED", "ECONNRESET"]);

export function clusterUrl(password: string, port: number, database = "postgres"): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/**
 * Starts Postgres, or finds the one that another process started, and returns its port once it answers.
 *
 * @param port only this one will do; otherwise any free one
 * @throws QuireError database_unavailable
 */
export async function startPostmaster(cluster: Cluster, port?: number): Promise<number> {
  const deadline = performance.now() + startTimeoutMs;
  let launched = false;
  while (performance.now() < deadline) {
    const running = await findPostmaster(cluster.data);
    if (running === null) {
      launched = await launch(cluster, port ?? (await freePort()), deadline - performance.now());
      if (launched) continue;
    } else if (running.ready) {
      try {
        if (await answers(clusterUrl(cluster.password, running.port))) return running.port;
      } catch (error) {
        if (launched) await stopPostmaster(cluster, "fast");
        throw error;
      }
    }
    await delay(pollMs);
  }
  throw await postgresError(
    `The database in ${cluster.folder} is not ready after ${startTimeoutMs / 1000} s; ` +
      "if it recovers from a crash, it goes on doing so, and trying again later helps",
    cluster.log,
  );
}

/**
 * Whether the cluster at `url` takes connections, or soon may.
 *
 * @throws QuireError database_unavailable if it refuses us, as where the file `password` was changed
 */
export async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    ssl: false,
    connectionTimeoutMillis: connectTimeoutMs,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code === tooManyConnections) return true;
    if (code === undefined || notYet.has(code)) return false;
    throw new QuireError(
      "database_unavailable",
      `The embedded database refuses Quire (${message}): its password is the one in the file beside its data.`,
      { cause },
    );
  } finally {
    await client.end().catch(() => {});
  }
}

/** Starts Postgres. False if something was in its way that may pass. */
async function launch(cluster: Cluster, port: number, timeoutMs: number): Promise<boolean> {
  const { binaries, data, log, user } = cluster;
  await removeMisleadingLock(data);
  await emptyLog(log, user);
  const settings = Object.entries({ port: String(port), ...defaultSettings, ...cluster.settings });
  const options = settings.map(([name, value]) => `-c ${shellWord(`${name}=${value}`)}`).join(" ");
  const wait = ["-w", "-t", String(Math.ceil(timeoutMs / 1000))];
  const args = ["start", "-s", ...wait, "-D", data, "-l", log, "-o", options];
  if ((await runProgram(binaries.pg_ctl, args, cluster, timeoutMs + graceMs)) === 0) return true;
  const passing = inTheWay.test(await logTail(log)) || (await findPostmaster(data)) !== null;
  if (passing) return false;
  throw await postgresError(`The database in ${cluster.folder} does not start`, log);
}

/** pg_ctl hands its options to a shell. */
function shellWord(text: string): string {
  return process.platform === "win32" ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
}
