import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { processTreeBytes } from "@quire/memory";
import { writeDigitalPdf } from "../bench/digitalPdf.ts";
import { Installation, isAtEnd } from "./installation.ts";

const installation = await Installation.open();
after(() => installation.close());
const { database } = installation;

test("fifty documents at once all finish, and no small one waits for a large one", async (context) => {
  const host = installation.host("rapid");
  host.start();
  // Its last page never comes: whatever finishes has not waited for it.
  const large = await installation.addFake({ pages: 120, pageMs: 20, mute: [120] });
  await installation.until(large, ({ lane, pagesDone }) => lane === "large" && pagesDone > 0);
  const small = await Promise.all(
    Array.from({ length: 49 }, () => installation.addFake({ pages: 2, pageMs: 20 })),
  );
  const read = await Promise.all(small.map((id) => installation.until(id, isAtEnd)));
  assert.ok(read.every(({ status }) => status === "completed"));
  assert.equal((await installation.documents.get(large)).status, "processing");
  const [waits] = await database.query<{ median: number; longest: number }>(
    `select percentile_cont(0.5) within group (order by s) as median, max(s) as longest
     from (select extract(epoch from started_at - queued_at)::float8 as s from public.documents where id = any($1)) w`,
    [small],
  );
  context.diagnostic(
    `49 small documents beside a large one waited ${waits?.median.toFixed(2)} s (median), ${waits?.longest.toFixed(2)} s (longest)`,
  );
  await installation.documents.cancel(large);
  await host.kill();
  host.start();
  const again = await installation.addFake({ pages: 120, pageMs: 5 });
  assert.equal((await installation.until(again, isAtEnd)).status, "completed");
  assert.equal(await host.stop(), 0);
});

test("ten documents of twelve pages, one after the other, do not make memory climb", async (context) => {
  const host = installation.host("steady");
  const path = join(installation.folder, "twelve.pdf");
  // Strips of paper: OCR all the same, in a quarter of the time.
  writeDigitalPdf(path, 12, { linesPerPage: 6, heightPoints: 200 });
  host.start();
  const megabytes: number[] = [];
  for (let document = 0; document < 10; document++) {
    const id = await installation.add(createReadStream(path), `${document}.pdf`, { textLayer: "never" });
    const { status, pagesDone } = await installation.until(id, isAtEnd);
    assert.deepEqual([status, pagesDone], ["completed", 12]);
    megabytes.push(Math.round(processTreeBytes(host.pid) / 1_000_000));
  }
  context.diagnostic(`worker and engine after each document, MB: ${megabytes.join(", ")}`);
  // The first documents load what stays loaded; from the third on nothing may add up.
  const [settled, last] = [Math.max(...megabytes.slice(2, 5)), Math.max(...megabytes.slice(-3))];
  assert.ok(last <= settled * 1.1, `from ${settled} to ${last} MB`);
  assert.equal(await host.stop(), 0);
});
