/**
 * Makes the pictures of the pages in docs/, of documents that are made up. Run by `npm run screenshots`, on a machine
 * that has a browser for it; look at every one before it is committed.
 */
import type { Database } from "@quire/store";
import type { Page } from "playwright-core";
import { fromTop } from "../quire.ts";
import { StartedService } from "../startedService.ts";
import { launchChromium } from "./chromium.ts";
import { withDatabase } from "./database.ts";
import { readsWords, stripLink, wordInPicture } from "./documentPage.ts";
import { chooseFiles, documentRow, openDocument, uploadRow } from "./documentsPage.ts";
import { bulkyLetter, letterWithPictures, longReport, longWords, sample } from "./filesToUpload.ts";
import { Line } from "./line.ts";
import { desk, telephone, Visitor } from "./visitor.ts";

const mebibyte = 1024 * 1024;

const browser = await launchChromium();
if (browser === null) throw new Error("there is no browser here");
const service = await StartedService.start({
  WORKER_CONCURRENCY: "1",
  MAX_PAGE_MEGAPIXELS: "10",
  MEMORY_LIMIT_MB: "512",
});
const line = await Line.to(service.url);
const visitor = await Visitor.arrive(browser, line.url);
try {
  const { folder } = service;
  await service.quire(
    "add",
    ...["photo.jpg", "form.png", "fax.tif", "mixed.pdf"].map(sample),
    sample("awkward/encrypted.pdf"),
    await letterWithPictures(folder, "letter-with-photo.pdf", 1),
    await letterWithPictures(folder, "photos.pdf", 3),
    "--watch",
  );
  const tab = await visitor.open();
  await chooseFiles(tab, await longReport(folder, "discharge-report.tif", 12));
  await openDocument(tab, "discharge-report.tif");
  for (const pageNumber of [1, 2, 3]) await stripLink(tab, pageNumber).waitFor();
  await service.whileHeld("worker", async () => {
    await takeReading(tab);
    await takeList(tab);
    await takeUploads(tab, folder);
    await withDatabase(service, addMemorySamples);
    await tab.goto(`${line.url}/ops`);
    await tab.getByRole("region", { name: "Memory", exact: true }).locator("canvas").waitFor();
    await take(tab, "operations.png", { fullPage: true });
  });
} finally {
  line.close();
  await browser.close();
  await service.remove();
}

/** A document that is being read, its second page shown, and a word of it asked about. */
async function takeReading(tab: Page): Promise<void> {
  await stripLink(tab, 2).click();
  await readsWords(tab, 2, longWords("report.txt", 2));
  await wordInPicture(tab, "physiotherapist.").click();
  await tab.getByText(/^physiotherapist\.: confidence \d+%/).waitFor();
  await take(tab, "page.png");
  await tab.emulateMedia({ colorScheme: "dark" });
  await take(tab, "page-dark.png");
  await tab.emulateMedia({ colorScheme: "light" });
  await tab.setViewportSize({ ...telephone, height: 1200 });
  await take(tab, "page-phone.png");
  await tab.setViewportSize(desk);
}

/** Documents of every kind. */
async function takeList(tab: Page): Promise<void> {
  await tab.getByRole("link", { name: "All documents" }).click();
  await chooseFiles(tab, sample("scan.pdf"));
  await documentRow(tab, "scan.pdf")
    .getByText(/^Waiting/)
    .waitFor();
  await tab.reload();
  await documentRow(tab, "scan.pdf")
    .getByText(/^Waiting/)
    .waitFor();
  await take(tab, "documents.png", { fullPage: true });
}

/** An upload under way, one that is paused, and files that were refused. */
async function takeUploads(tab: Page, folder: string): Promise<void> {
  line.holdAfter(line.sentBytes + 4_000_000);
  await chooseFiles(tab, bulkyLetter(folder, "referral.pdf", 9), bulkyLetter(folder, "record.pdf", 11));
  await line.untilHeld();
  await tab.getByRole("button", { name: "Pause: record.pdf" }).click();
  await uploadRow(tab, "record.pdf")
    .getByText(/^Paused/)
    .waitFor();
  await chooseFiles(tab, sample("awkward/photo.heic"), sample("awkward/empty.pdf"));
  await tab.getByText("These were not uploaded").waitFor();
  await take(tab, "upload.png");
  line.comeUp();
  for (const name of ["referral.pdf", "record.pdf"])
    await tab.getByRole("button", { name: `Cancel: ${name}` }).click();
}

/** Takes a picture once everything in it is there. */
async function take(tab: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  await tab.evaluate(async () => {
    await document.fonts.ready;
    const near = [...document.images].filter((image) => image.src !== "");
    await Promise.all(near.map((image) => image.decode()));
  });
  await tab.screenshot({ path: fromTop(`docs/${name}`), ...options, animations: "disabled", caret: "hide" });
  process.stdout.write(`docs/${name}\n`);
}

/** Six hours that nobody waits for: a worker whose engine grows from page to page and is replaced, over and over. */
async function addMemorySamples(database: Database): Promise<void> {
  await database.query(
    `insert into public.worker_memory_samples (worker_id, at, used_bytes, budget_bytes, figures)
     select 'example-worker', now() - minute * interval '1 minute',
       (150 + ((360 - minute) * 7) % 190 + 12 * sin(minute)) * ${mebibyte}, 512 * ${mebibyte}::bigint, '{}'
     from generate_series(0, 360) minute`,
  );
}
