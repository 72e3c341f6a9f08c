import assert from "node:assert/strict";
import { WorkerRecords } from "@quire/store";
import type { Page } from "playwright-core";
import { browserTests } from "./browserTests.ts";
import { withDatabase } from "./database.ts";
import { status } from "./documentPage.ts";
import { chooseFiles, documentRow } from "./documentsPage.ts";
import { letterWithPictures, longReport, sample } from "./filesToUpload.ts";

/** One document is read at a time, and a page of 12 million pixels is too large. */
const browserTest = browserTests({ WORKER_CONCURRENCY: "1", MAX_PAGE_MEGAPIXELS: "10" });

const mebibyte = 1024 * 1024;
const section = (tab: Page, name: string) => tab.getByRole("region", { name, exact: true });

browserTest("the worker, its memory and what has happened are shown", async ({ service, visitor }) => {
  const tab = await visitor.open("/ops");
  const workers = section(tab, "Workers");
  await workers.getByRole("row").filter({ hasText: "running" }).waitFor();
  await section(tab, "Events").getByRole("row").filter({ hasText: "start" }).first().waitFor();

  // What a worker does once a minute.
  await withDatabase(service, async (database) => {
    await new WorkerRecords(database, "another-worker").sample(300 * mebibyte, 400 * mebibyte, {});
  });
  await tab.reload();
  await workers.getByRole("cell", { name: /^300\sMiB of 400\sMiB \(75%\)$/ }).waitFor();
  const memory = section(tab, "Memory");
  await memory.getByText("The chart as a table").click();
  const row = memory.getByRole("row").filter({ hasText: "another-worker" });
  await row.getByRole("cell", { name: "75%" }).first().waitFor();
  const isDrawn = await memory.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    return pixels.some((level) => level > 0);
  });
  assert.ok(isDrawn, "the chart is empty");
  await memory.getByLabel("Over the last").selectOption("hour");
  await memory.locator("canvas").waitFor();
});

browserTest("what waits is counted, and goes down as it is read", async ({ service, visitor }) => {
  const tab = await visitor.open();
  await chooseFiles(tab, await longReport(service.folder, "long.tif", 3));
  await documentRow(tab, "long.tif")
    .getByText(/^(Opening|Reading)/)
    .waitFor();
  await service.whileHeld("worker", async () => {
    await chooseFiles(tab, sample("letter.pdf"), sample("form.png"));
    await documentRow(tab, "form.png")
      .getByText(/^Waiting/)
      .waitFor();
    await documentRow(tab, "letter.pdf")
      .getByText(/^Waiting/)
      .waitFor();
    await tab.getByRole("link", { name: "Operations" }).click();
    const small = section(tab, "Queue").getByRole("row").filter({ hasText: "Small documents" });
    await small.getByRole("cell", { name: "2", exact: true }).waitFor();
  });
  await section(tab, "Queue").getByText("Nothing is waiting.").waitFor();
});

browserTest("a document that gave up is told of, and put back", async ({ service, visitor }) => {
  const path = await letterWithPictures(service.folder, "hopeless.pdf", 3);
  await service.quire("add", path, "--watch");
  const tab = await visitor.open("/ops");
  const row = section(tab, "Documents that gave up").getByRole("row").filter({ hasText: "hopeless.pdf" });
  await row.getByText(/^too_many_failed_pages: /).waitFor();
  await service.whileHeld("worker", async () => {
    await row.getByRole("button", { name: "Try again: hopeless.pdf" }).click();
    await row.waitFor({ state: "detached" });
    await section(tab, "Documents that gave up").getByText("None.").waitFor();
    await tab.getByRole("link", { name: "Documents", exact: true }).click();
    await documentRow(tab, "hopeless.pdf")
      .getByText(/^Waiting/)
      .waitFor();
  });
  // Its pages are as large as before.
  await documentRow(tab, "hopeless.pdf").getByText("Could not be read", { exact: true }).waitFor();
  await documentRow(tab, "hopeless.pdf").getByRole("link").click();
  await status(tab, /^Too many of its pages could not be read/).waitFor();
});
