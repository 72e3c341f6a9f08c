import { Database, OwnedDocuments } from "@quire/store";
import { startMigratedCluster } from "@quire/store/testing";
import type { Bar } from "./bar.ts";
import { percentile } from "./memory/percentile.ts";

const owners = ["a", "b"].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`);
const documentsOfEach = 50_000;
/** Of these the newest are read to the end, with pages to be found; the others wait, or have been read without them. */
const withPages = 300;
const pagesOfEach = 20;
const longDocumentPages = 200;
const rounds = 30;
const medianShare = 0.5;

/** Asked in turn as the service and as the user, so that what else the machine does falls on both. */
const asked: Record<string, (documents: OwnedDocuments, ids: Ids) => Promise<unknown>> = {
  "list, first part": (documents) => documents.list({ limit: 50 }),
  "list of one status": (documents) => documents.list({ status: "completed", limit: 50 }),
  "list, deep in it": (documents, { cursor }) => documents.list({ limit: 50, after: cursor }),
  "one document": (documents, { read }) => documents.get(read),
  "standing of 50": (documents, { waiting }) => documents.standing(waiting),
  revisions: (documents, { waiting }) => documents.revisions(waiting),
  "200 pages": (documents, { long }) => documents.listPages(long, { limit: 200 }),
  "a page with words": (documents, { read }) => documents.page(read, 3),
  "a page's picture": (documents, { read }) => documents.preview(read, 3),
  "changes of 200 pages": (documents, { long }) => documents.changesSince(long, 0),
  "search, one word": (documents) => documents.search("potassium", { limit: 20 }),
  "search, quoted": (documents) => documents.search('"page 7 of"', { limit: 20 }),
  "search in a document": (documents, { read }) =>
    documents.search("potassium", { limit: 20, documentId: read }),
  "search, nothing found": (documents) => documents.search("nowhere", { limit: 20 }),
  "room in the queue": (documents) => documents.assertRoom(),
};

interface Ids {
  readonly read: string;
  readonly long: string;
  readonly waiting: readonly string[];
  readonly cursor: string | null;
}

/** What row-level security costs: 100,000 documents of two owners, each request as the service and as the user. */
export async function measureAccess(): Promise<Bar[]> {
  const cluster = await startMigratedCluster();
  const database = new Database(await cluster.createDatabase(), { poolSize: 1 });
  try {
    await fill(database);
    const [ownerId = ""] = owners;
    const asService = new OwnedDocuments(database, ownerId);
    const asUser = OwnedDocuments.ofUser(database, { sub: ownerId, role: "authenticated" });
    const ids = await idsOf(database, asService, ownerId);
    const bars: Bar[] = [];
    for (const [what, ask] of Object.entries(asked)) {
      const times = { service: [] as number[], user: [] as number[] };
      for (let round = 0; round < rounds; round++) {
        times.service.push(await timed(() => ask(asService, ids)));
        times.user.push(await timed(() => ask(asUser, ids)));
      }
      const [service, user] = [times.service, times.user].map((each) => percentile(each, medianShare) ?? 0);
      process.stderr.write(
        `${what}: ${service?.toFixed(2)} ms as the service, ${user?.toFixed(2)} ms as the user\n`,
      );
      bars.push({
        what: `${what}, as a user / as the service`,
        unit: "times",
        kind: "at most",
        limit: 2,
        measured: (user ?? 0) / (service ?? 1),
      });
    }
    return bars;
  } finally {
    await database.close();
    await cluster.stop();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function fill(database: Database): Promise<void> {
  await database.query("alter table public.documents disable trigger user");
  for (const ownerId of owners) {
    await database.query(
      `insert into public.documents (owner_id, filename, storage_key, size_bytes, status, options, queue_rank, job_id, created_at)
       select $1::uuid, 'a.pdf', $1 || '/' || n, 100000, case when n % 3 = 0 then 'queued' else 'completed' end,
         '{"languages": ["eng"], "textLayer": "auto"}', n, gen_random_uuid(), now() - n * interval '1 second'
       from generate_series(1, $2::int) n`,
      [ownerId, documentsOfEach],
    );
    await database.query(
      `with newest as (
         select id, row_number() over (order by created_at desc) as place from public.documents
         where owner_id = $1 and status = 'completed' order by created_at desc limit $2
       ), pages as (
         insert into public.pages (document_id, run, page_number, owner_id, claim, outcome, mean_confidence, width, height, dpi,
           rotation, duration_ms, preview_bytes, revision, created_at)
         select id, 1, n, $1, 1, 'recognized', 90, 1654, 2339, 200, 0, 900, 5000, n + 1, now() - n * interval '1 second'
         from newest, generate_series(1, case when place = 1 then $4::int else $3::int end) n
         returning document_id, page_number
       )
       insert into public.page_contents (document_id, run, page_number, owner_id, text, words)
       select document_id, 1, page_number, $1, 'Page ' || page_number || ' of a report, sodium 140, '
         || case when page_number % 10 = 3 then 'potassium 4.1 ' else '' end || repeat('lorem ipsum dolor ', 40), '[]'
       from pages`,
      [ownerId, withPages, pagesOfEach, longDocumentPages],
    );
  }
  await database.query("alter table public.documents enable trigger user");
  await database.query(
    "select quire.put_job(d.job_id, d.id, d.lane, -d.queue_rank, 0) from public.documents d where d.status = 'queued'",
  );
  await database.query("update quire.limits set max_queued_per_owner = 1000000, max_queued = 1000000");
  await database.query("analyze");
}

async function idsOf(database: Database, documents: OwnedDocuments, ownerId: string): Promise<Ids> {
  const completed = await documents.list({ status: "completed", limit: 2 });
  const [long, read] = completed.documents.map(({ id }) => id);
  const { documents: queued } = await documents.list({ status: "queued", limit: 50 });
  const [deep] = await database.query<{ at: string; id: string }>(
    `select (extract(epoch from created_at) * 1000000)::bigint::text as at, id from public.documents
     where owner_id = $1 order by created_at desc offset 25000 limit 1`,
    [ownerId],
  );
  return {
    long: long ?? "",
    read: read ?? "",
    waiting: queued.map(({ id }) => id),
    cursor: Buffer.from(`${deep?.at} ${deep?.id} 0`).toString("base64url"),
  };
}
