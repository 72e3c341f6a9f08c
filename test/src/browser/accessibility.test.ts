import type { Page } from "playwright-core";
import { assertAccessible } from "./axe.ts";
import { browserTests } from "./browserTests.ts";
import { addMemorySample } from "./database.ts";
import { readsWords, status, stripLink, wordInPicture } from "./documentPage.ts";
import { chooseFiles, documentRow, openDocument, uploadRow } from "./documentsPage.ts";
import { bulkyLetter, letterWithPictures, longReport, longWords, sample } from "./filesToUpload.ts";
import { Line } from "./line.ts";

/** One document is read at a time, and a page of 12 million pixels is too large. */
const browserTest = browserTests({ WORKER_CONCURRENCY: "1", MAX_PAGE_MEGAPIXELS: "10" });

const heading = (tab: Page, name: string) => tab.getByRole("heading", { name }).waitFor();

browserTest("what is there before anything was uploaded is accessible", async ({ service, visitor }) => {
  visitor.excuse(/status of 404/);
  const tab = await visitor.open();
  await tab.getByText("No documents yet.").waitFor();
  await assertAccessible(tab, "the empty list");
  await tab.goto(`${service.url}/search`);
  await heading(tab, "Search");
  await assertAccessible(tab, "the search before a query");
  await tab.goto(`${service.url}/search?q=nothing`);
  await tab.getByText("Nothing was found.").waitFor();
  await assertAccessible(tab, "the search without hits");
  await tab.goto(`${service.url}/ops`);
  await tab.getByText("Nothing is waiting.").waitFor();
  await assertAccessible(tab, "operations");
  await tab.goto(`${service.url}/nowhere`);
  await heading(tab, "There is no such page");
  await assertAccessible(tab, "an address that is none");
  await tab.goto(`${service.url}/documents/00000000-0000-4000-8000-000000000000`);
  await heading(tab, "This document is not here");
  await assertAccessible(tab, "a document that is not there");
});

browserTest("uploads are accessible however they stand", async ({ service, visitor }) => {
  const { folder } = service;
  const line = await Line.to(service.url);
  visitor.goBy(line.url);
  try {
    const tab = await visitor.open();
    line.holdAfter(2_000_000, 2);
    await chooseFiles(tab, bulkyLetter(folder, "sent.pdf", 4), bulkyLetter(folder, "paused.pdf", 4));
    await line.untilHeld();
    await tab.getByRole("button", { name: "Pause: paused.pdf" }).click();
    await uploadRow(tab, "paused.pdf")
      .getByText(/^Paused/)
      .waitFor();
    await chooseFiles(tab, sample("awkward/empty.pdf"), sample("awkward/photo.heic"));
    await tab.getByText("These were not uploaded").waitFor();
    await assertAccessible(tab, "uploads under way and refused");
    line.comeUp();
    await tab.getByRole("button", { name: "Cancel: paused.pdf" }).click();
    await documentRow(tab, "sent.pdf").getByText("Ready, 2 pages").waitFor();
    await assertAccessible(tab, "uploads that are done");
  } finally {
    line.close();
  }
});

browserTest("documents are accessible whatever became of them", async ({ service, visitor }) => {
  const { folder } = service;
  const partial = await letterWithPictures(folder, "partial.pdf", 1);
  const failed = await letterWithPictures(folder, "failed.pdf", 3);
  await service.quire("add", sample("mixed.pdf"), partial, failed, "--watch");
  const tab = await visitor.open();
  await openDocument(tab, "partial.pdf");
  await status(tab, "Ready, 1 of 3 pages could not be read").waitFor();
  await stripLink(tab, 3, "could not be read").click();
  await tab.getByText("This page could not be read.").waitFor();
  await assertAccessible(tab, "a page that could not be read");

  await tab.goto(service.url);
  await openDocument(tab, "failed.pdf");
  await tab.getByText(/^Too many of its pages could not be read/).waitFor();
  await readsWords(tab, 1, longWords("letter.txt", 1));
  await assertAccessible(tab, "a document that could not be read");

  await tab.goto(service.url);
  await openDocument(tab, "mixed.pdf");
  await stripLink(tab, 3, "blank").click();
  await tab.getByText("This page is blank.").waitFor();
  await assertAccessible(tab, "a blank page");
  await stripLink(tab, 2).click();
  await wordInPicture(tab, "saturation").click();
  await tab.getByText(/^saturation: confidence \d+%/).waitFor();
  await tab.getByRole("searchbox").fill("asthma");
  await tab.keyboard.press("Enter");
  await tab.getByText("Found on 2 pages").waitFor();
  await assertAccessible(tab, "a page that was read, a word and hits");
  await tab.getByRole("link", { name: "View original" }).click();
  await tab.getByText(/Known conditions: asthma/).waitFor();
  await assertAccessible(tab, "the original");
  await tab.getByRole("button", { name: "Delete" }).click();
  await tab.getByRole("dialog").waitFor();
  await assertAccessible(tab, "the question before a document is deleted");
});

browserTest("documents are accessible while they wait and are read", async ({ service, visitor }) => {
  await addMemorySample(service);
  const tab = await visitor.open();
  await chooseFiles(tab, await longReport(service.folder, "read.tif", 9));
  await documentRow(tab, "read.tif")
    .getByText(/^Reading page/)
    .waitFor();
  await service.whileHeld("worker", async () => {
    await chooseFiles(tab, sample("scan.pdf"), sample("letter.pdf"));
    await documentRow(tab, "scan.pdf")
      .getByText(/^Waiting/)
      .waitFor();
    await documentRow(tab, "letter.pdf").getByRole("button", { name: "Cancel" }).click();
    await documentRow(tab, "letter.pdf").getByText("Cancelled").waitFor();
    await assertAccessible(tab, "documents of every status");
    await openDocument(tab, "scan.pdf");
    await tab.getByText("No page has been read yet.").waitFor();
    await assertAccessible(tab, "a document that waits");
    await tab.goto(service.url);
    await openDocument(tab, "read.tif");
    await stripLink(tab, 9, "not read yet").click();
    await tab.getByText("Page 9 has not been read yet.").waitFor();
    await assertAccessible(tab, "a document that is being read");
    await tab.goto(`${service.url}/search?q=muster`);
    await tab
      .getByRole("link", { name: /, page \d$/ })
      .first()
      .waitFor();
    await assertAccessible(tab, "the search with hits");
    await tab.goto(`${service.url}/ops`);
    await tab.getByRole("button", { name: "Try again: failed.pdf" }).waitFor();
    await tab.getByText("The chart as a table").click();
    await assertAccessible(tab, "operations with everything in it");
  });
});
