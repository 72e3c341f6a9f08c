import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertAccessible } from "./axe.ts";
import { browserTests } from "./browserTests.ts";
import { addMemorySample } from "./database.ts";
import { status } from "./documentPage.ts";
import { chooseFiles, documentRow } from "./documentsPage.ts";
import { letterWithPictures, longReport, sample } from "./filesToUpload.ts";

const token = "of-whoever-runs-Quire";

/** One document is read at a time, and a page of 12 million pixels is too large. */
const browserTest = browserTests({
  WORKER_CONCURRENCY: "1",
  MAX_PAGE_MEGAPIXELS: "10",
  OPERATIONS_TOKEN: token,
});
/** What a browser complains of before the token is given. */
const asksForToken = /status of 401/;

const section = (tab: Page, name: string) => tab.getByRole("region", { name, exact: true });

/** Opens the page by its link, and gives the token that it asks for. */
async function openOperations(tab: Page, given = token): Promise<void> {
  await tab.getByRole("link", { name: "Operations" }).click();
  await tab.getByLabel("OPERATIONS_TOKEN").fill(given);
  await tab.getByRole("button", { name: "Open" }).click();
}

browserTest("operations are for whoever has the token", async ({ visitor }) => {
  visitor.excuse(asksForToken);
  const tab = await visitor.open();
  await openOperations(tab, "a guess of somebody's");
  await tab.getByText("The token that was given is not the right one.").waitFor();
  assert.equal(await tab.getByRole("region").count(), 0);
  await assertAccessible(tab, "operations that ask for a token");
  await openOperations(tab);
  await section(tab, "Workers").waitFor();
  await tab.reload();
  await section(tab, "Workers").waitFor();
});

browserTest("the worker, its memory and what has happened are shown", async ({ service, visitor }) => {
  visitor.excuse(asksForToken);
  const tab = await visitor.open();
  await openOperations(tab);
  const workers = section(tab, "Workers");
  await workers.getByRole("row").filter({ hasText: "running" }).waitFor();
  await section(tab, "Events").getByRole("row").filter({ hasText: "start" }).first().waitFor();

  await addMemorySample(service);
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
  visitor.excuse(asksForToken);
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
    await openOperations(tab);
    const small = section(tab, "Queue").getByRole("row").filter({ hasText: "Small documents" });
    await small.getByRole("cell", { name: "2", exact: true }).waitFor();
  });
  await section(tab, "Queue").getByText("Nothing is waiting.").waitFor();
});

browserTest("a document that gave up is told of, and put back", async ({ service, visitor }) => {
  visitor.excuse(asksForToken);
  const path = await letterWithPictures(service.folder, "hopeless.pdf", 3);
  await service.quire("add", path, "--watch");
  const tab = await visitor.open();
  await openOperations(tab);
  const row = section(tab, "Failed documents").getByRole("row").filter({ hasText: "hopeless.pdf" });
  await row.getByText(/^too_many_failed_pages: /).waitFor();
  await service.whileHeld("worker", async () => {
    await row.getByRole("button", { name: "Try again: hopeless.pdf" }).click();
    await row.waitFor({ state: "detached" });
    await section(tab, "Failed documents").getByText("None.").waitFor();
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
