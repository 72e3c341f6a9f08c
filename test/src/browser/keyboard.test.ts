import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { browserTests } from "./browserTests.ts";
import { stripLink, wordInPicture } from "./documentPage.ts";
import { documentRow, openDocument } from "./documentsPage.ts";
import { sample } from "./filesToUpload.ts";

const browserTest = browserTests();

/** Resolves when this has the focus, and asserts that it can be seen. */
async function hasFocus(tab: Page, element: Locator): Promise<void> {
  await element.and(tab.locator(":focus-visible")).waitFor();
  const outline = await element.evaluate((focused) => getComputedStyle(focused).outlineStyle);
  assert.notEqual(outline, "none");
}

/** Presses a key until this has the focus; a page has fewer stops than that. */
async function tabTo(tab: Page, element: Locator, key = "Tab"): Promise<void> {
  const mostStops = 60;
  for (let stop = 0; stop < mostStops; stop++) {
    if (await element.evaluate((wanted) => wanted === document.activeElement)) return;
    await tab.keyboard.press(key);
  }
  assert.fail("it cannot be reached by keyboard");
}

browserTest("a file is chosen and its document opened by keyboard alone", async ({ visitor }) => {
  const tab = await visitor.open();
  // Early: the browser would take a moment to be told that there is no window to open.
  const dialog = tab.waitForEvent("filechooser");
  const choose = tab.getByRole("button", { name: "Choose files" });
  await choose.waitFor();
  await tab.keyboard.press("Tab");
  await hasFocus(tab, tab.getByRole("link", { name: "Skip to the content" }));
  await tab.keyboard.press("Enter");
  await tab.keyboard.press("Tab");
  await hasFocus(tab, choose);
  await tab.keyboard.press("Enter");
  await (await dialog).setFiles(sample("report.tif"));
  const row = documentRow(tab, "report.tif");
  await row.getByText("Ready, 3 pages").waitFor();
  await tabTo(tab, row.getByRole("link"));
  await tab.keyboard.press("Enter");
  await tab.getByRole("heading", { name: "Page 1 of 3" }).waitFor();
});

browserTest("pages and words are gone through by keyboard alone", async ({ visitor }) => {
  const tab = await visitor.open();
  await openDocument(tab, "report.tif");
  await wordInPicture(tab, "Riverbend").waitFor();
  await tabTo(tab, stripLink(tab, 1));
  await tab.keyboard.press("ArrowDown");
  await tab.getByRole("heading", { name: "Page 2 of 3" }).waitFor();
  await hasFocus(tab, stripLink(tab, 2));
  await tab.keyboard.press("End");
  await hasFocus(tab, stripLink(tab, 3));
  await tabTo(tab, tab.getByRole("button", { name: "Previous page" }));
  await tab.keyboard.press("Enter");
  await tab.getByRole("heading", { name: "Page 2 of 3" }).waitFor();

  await tabTo(tab, wordInPicture(tab, "Riverbend"));
  await tab.keyboard.press("ArrowRight");
  await hasFocus(tab, wordInPicture(tab, "Clinic"));
  await tab.keyboard.press("Enter");
  await tab.getByText(/^Clinic: confidence \d+%/).waitFor();
  await tab.keyboard.press("Escape");
  await tab.getByText(/^Clinic: confidence \d+%/).waitFor({ state: "detached" });
});

browserTest("deleting is asked, refused and done by keyboard alone", async ({ visitor }) => {
  const tab = await visitor.open();
  const row = documentRow(tab, "report.tif");
  const button = row.getByRole("button", { name: "Delete: report.tif" });
  await button.waitFor();
  await tabTo(tab, button);
  await tab.keyboard.press("Enter");
  const question = tab.getByRole("dialog", { name: "Delete this document?" });
  await hasFocus(tab, question.getByRole("button", { name: "Cancel" }));
  await tab.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  await hasFocus(tab, button);
  await tab.keyboard.press("Enter");
  await tabTo(tab, question.getByRole("button", { name: "Delete" }));
  await tab.keyboard.press("Enter");
  await row.waitFor({ state: "detached" });
  await tab.getByText("No documents yet.").waitFor();
});
