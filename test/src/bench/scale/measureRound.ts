import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Database, DiskFileStore } from "@quire/store";
import type { TestCluster } from "@quire/store/testing";
import { percentile } from "../memory/percentile.ts";
import { type CostlyStatement, DatabaseMeter, type DatabaseWork } from "./databaseWork.ts";
import { Fleet } from "./fleet.ts";
import { addWaiting } from "./waitingDocuments.ts";

const statementsShown = 10;

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
  cluster: TestCluster,
  folder: string,
  { workers, waiting, seconds }: { workers: number; waiting: number; seconds: number },
): Promise<Round> {
  const url = await cluster.createDatabase();
  const database = new Database(url, { poolSize: 1 });
  const filesFolder = join(folder, "files");
  const fleet = new Fleet(workers, { folder, filesFolder, url });
  const killed = () => void fleet.kill();
  process.on("exit", killed);
  try {
    const meter = await DatabaseMeter.open(database);
    await addWaiting(database, new DiskFileStore(filesFolder), waiting);
    await fleet.start();
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
  }
}
