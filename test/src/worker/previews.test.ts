import assert from "node:assert/strict";
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, test } from "node:test";
import { localOwnerId } from "@quire/core";
import { previewKey } from "@quire/store";
import sharp from "sharp";
import { writeDigitalPdf } from "../bench/digitalPdf.ts";
import { fromTop } from "../quire.ts";
import { Installation, isAtEnd } from "./installation.ts";

const installation = await Installation.open();
after(() => installation.close());
const { database, files } = installation;

interface PageRow {
  readonly page_number: number;
  readonly run: number;
  readonly claim: number;
  readonly width: number;
  readonly height: number;
  readonly outcome: string;
  readonly preview_bytes: number | null;
}

function pagesOf(id: string): Promise<PageRow[]> {
  return database.query<PageRow>(
    `select page_number, run, claim, width, height, outcome, preview_bytes
     from public.pages where document_id = $1 order by page_number`,
    [id],
  );
}

/** The preview that a page's row tells of must lie where the row says, in its size and in the page's proportions. */
async function assertPreview(documentId: string, page: PageRow): Promise<void> {
  const { run, claim, page_number: pageNumber } = page;
  const key = previewKey({ ownerId: localOwnerId, documentId, run, claim, pageNumber });
  const preview = await buffer(await files.open(key));
  assert.equal(preview.byteLength, page.preview_bytes);
  const { format, width, height } = await sharp(preview).metadata();
  assert.equal(format, "webp");
  assert.ok(Math.abs((page.height * width) / page.width - height) <= 1, `page ${pageNumber}`);
}

test("every page that was read has its preview: scanned, digital, blank, stored sideways", async () => {
  const host = installation.host("pictures");
  const ids = await Promise.all(
    ["mixed.pdf", "report.tif", "photo.jpg"].map((name) =>
      installation.add(createReadStream(fromTop(`samples/${name}`)), name),
    ),
  );
  host.start();
  for (const id of ids) {
    assert.equal((await installation.until(id, isAtEnd)).status, "completed");
    const pages = await pagesOf(id);
    assert.ok(pages.length > 0);
    for (const page of pages) await assertPreview(id, page);
  }
  assert.equal(await host.stop(), 0);
});

test("a worker killed in the middle loses no page, and the previews of its pages stay where they are", async () => {
  const host = installation.host("killed");
  const path = join(installation.folder, "strips.pdf");
  // Strips of paper: OCR all the same, in a quarter of the time.
  writeDigitalPdf(path, 12, { linesPerPage: 6, heightPoints: 200 });
  const id = await installation.add(createReadStream(path), "strips.pdf", { textLayer: "never" });
  host.start();
  await installation.until(id, ({ pagesDone }) => pagesDone >= 3);
  await host.kill();
  host.start();
  assert.equal((await installation.until(id, isAtEnd)).status, "completed");
  const pages = await pagesOf(id);
  assert.equal(pages.length, 12);
  assert.deepEqual([...new Set(pages.map(({ claim }) => claim))].sort(), [1, 2]);
  for (const page of pages) await assertPreview(id, page);
  assert.equal(await host.stop(), 0);
});

test("where previews cannot be stored, the pages are saved without, and that is said once", async () => {
  const host = installation.host("refused");
  const id = await installation.addFake({ pages: 20, previewBytes: 50_000 });
  const other = await installation.addFake({ pages: 5, previewBytes: 50_000 });
  // A file where the folder of this document's previews would be.
  mkdirSync(join(installation.filesFolder, localOwnerId, id), { recursive: true });
  writeFileSync(join(installation.filesFolder, localOwnerId, id, "run-1"), "");
  host.start();
  assert.equal((await installation.until(id, isAtEnd)).status, "completed");
  assert.equal((await installation.until(other, isAtEnd)).status, "completed");
  const outcomes = (await pagesOf(id)).map(({ outcome, preview_bytes }) => [outcome, preview_bytes]);
  assert.deepEqual(outcomes, Array(20).fill(["recognized", null]));
  assert.ok((await pagesOf(other)).every(({ preview_bytes }) => preview_bytes === 50_000));
  assert.equal(await host.stop(), 0);
  const log = readFileSync(host.logPath, "utf8");
  assert.equal(log.split("preview not stored").length - 1, 1);
  assert.match(log, /"previewsLost":20/);
  assert.ok(!log.includes(localOwnerId) && !log.includes(".webp"));
});
