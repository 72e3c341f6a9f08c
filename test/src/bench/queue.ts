import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { Database, DiskFileStore, Documents, Queue } from "@quire/store";
import { startMigratedCluster } from "@quire/store/testing";
import { put } from "../worker/addedDocuments.ts";
import { WorkerHost } from "../worker/workerHost.ts";
import type { Bar } from "./bar.ts";
import { percentile } from "./memory/percentile.ts";

const saved = { documents: 100, pages: 20 };
const starts = 30;
const waiting = { oneOwner: 50_000, owners: 1_000, each: 50 };
const claims = 1_000;

/**
 * What the queue and the saving cost, on a database that writes through to the disk (fsync and synchronous_commit
 * on), with an engine whose pages cost nothing.
 */
export async function measureQueue(temporaryFolder: string): Promise<Bar[]> {
  const cluster = await startMigratedCluster({ durable: true });
  try {
    const folder = mkdtempSync(join(temporaryFolder, "queue-"));
    const reading = await measureReading(await cluster.createDatabase(), folder);
    const claimMs = await measureClaims(await cluster.createDatabase());
    rmSync(folder, { recursive: true });
    return [
      {
        what: "pages saved through one worker",
        unit: "pages/s",
        kind: "at least",
        limit: 200,
        measured: reading.pagesPerSecond,
      },
      {
        what: `from added to started, slowest of ${starts}`,
        unit: "ms",
        kind: "at most",
        limit: 1000,
        measured: reading.slowestStartMs,
      },
      {
        what: `claim with ${waiting.oneOwner * 2} waiting, p99 of ${claims}`,
        unit: "ms",
        kind: "at most",
        limit: 20,
        measured: claimMs,
      },
    ];
  } finally {
    await cluster.stop();
  }
}

async function measureReading(url: string, folder: string) {
  const database = new Database(url, { poolSize: 3 });
  const documents = new Documents(database);
  const filesFolder = join(folder, "files");
  const files = new DiskFileStore(filesFolder);
  const add = (pages: number, index: number) =>
    put(Readable.from([Buffer.from(JSON.stringify({ pages, index }))]), "fake.json", files, documents);
  const host = new WorkerHost(folder, "worker", filesFolder, {
    DATABASE_URL: url,
    WORKER_CONCURRENCY: "5",
    OCR_THREADS: "2",
    LOG_LEVEL: "warn",
  });
  host.start();
  try {
    await add(1, 0);
    await untilRead(database);
    // One after the other, each into an idle worker: notified, claimed, copied, begun.
    for (let index = 1; index <= starts; index++) {
      await add(1, index);
      await untilRead(database);
    }
    const [slowest] = await database.query<{ ms: number }>(
      `select max(extract(epoch from started_at - created_at) * 1000)::float8 as ms
       from (select * from public.documents order by created_at offset 1) d`,
    );
    await host.stop();
    for (let index = 0; index < saved.documents; index++) await add(saved.pages, 1000 + index);
    host.start();
    await untilRead(database);
    const [rate] = await database.query<{ rate: number }>(
      `select count(*) / extract(epoch from max(p.created_at) - min(p.created_at))::float8 as rate
       from public.pages p join public.documents d on d.id = p.document_id where d.page_count = $1`,
      [saved.pages],
    );
    return { slowestStartMs: slowest?.ms, pagesPerSecond: rate?.rate };
  } finally {
    await host.kill();
    await database.close();
  }
}

async function untilRead(database: Database): Promise<void> {
  for (;;) {
    const [row] = await database.query<{ left: number }>(
      "select count(*)::int as left from public.documents where status in ('queued', 'processing')",
    );
    if (row?.left === 0) return;
    await delay(20);
  }
}

async function measureClaims(url: string): Promise<number | undefined> {
  const database = new Database(url, { poolSize: 3 });
  try {
    // What enqueueing them one by one comes to, without counting what waits each time.
    await database.query("alter table public.documents disable trigger documents_enqueue");
    for (const [owners, each] of [
      [1, waiting.oneOwner],
      [waiting.owners, waiting.each],
    ] as const) {
      await database.query(
        `insert into public.documents (owner_id, filename, storage_key, size_bytes, status, queue_rank, job_id)
         select owner, 'a.pdf', owner::text || '/a', 100000, 'queued', rank, gen_random_uuid()
         from (select gen_random_uuid() as owner from generate_series(1, $1)) o, generate_series(0, $2 - 1) rank`,
        [owners, each],
      );
    }
    await database.query(
      "select quire.put_job(d.job_id, d.id, d.lane, -d.queue_rank, 0) from public.documents d order by random()",
    );
    await database.query("analyze");
    const queue = await Queue.open(database, { workerId: "bench" });
    const times: number[] = [];
    for (let index = 0; index < claims; index++) {
      const start = performance.now();
      await queue.claim("small");
      times.push(performance.now() - start);
    }
    await queue.close();
    return percentile(times, 0.99);
  } finally {
    await database.close();
  }
}
