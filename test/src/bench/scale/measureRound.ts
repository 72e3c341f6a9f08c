import { setTimeout as delay } from "node:timers/promises";
import { Database } from "@quire/store";
import { percentile } from "../memory/percentile.ts";
import { type CostlyStatement, DatabaseMeter, type DatabaseWork } from "./databaseWork.ts";
import type { FilledDatabases } from "./filledDatabases.ts";
import { Fleet } from "./fleet.ts";

const statementsShown = 10;
/** For the database's cache, and for processes that have just been started. */
const warmUpMs = 5_000;

export interface Round extends DatabaseWork {
  readonly workers: number;
  /** Documents that waited when the workers were started. */
  readonly waiting: number;
  readonly claims: number;
  readonly claimMs: { readonly p50: number | undefined; readonly p99: number | undefined };
  readonly costliest: readonly CostlyStatement[];
}

/** Measures so many workers on a database of their own, once each of them reads. */
export async function measureRound(
  databases: FilledDatabases,
  folder: string,
  { workers, waiting, seconds }: { workers: number; waiting: number; seconds: number },
): Promise<Round> {
  const url = await databases.clone(waiting);
  const database = new Database(url, { poolSize: 1 });
  const fleet = new Fleet(workers, { folder, filesFolder: databases.filesFolder, url });
  const killed = () => void fleet.kill();
  process.on("exit", killed);
  try {
    const meter = await DatabaseMeter.open(database);
    await fleet.start();
    await delay(warmUpMs);
    await meter.start();
    const from = Date.now();
    await delay(seconds * 1000);
    const work = await meter.read();
    const times = fleet.claimsWithin(from, Date.now());
    const costliest = await meter.costliest(statementsShown);
    await fleet.stop();
    return {
      ...work,
      workers,
      waiting,
      claims: times.length,
      claimMs: { p50: percentile(times, 0.5), p99: percentile(times, 0.99) },
      costliest,
    };
  } finally {
    await fleet.kill();
    process.off("exit", killed);
    await database.close();
    await databases.remove(url);
  }
}
