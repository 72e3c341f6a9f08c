import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";

/** The status of the document that is shown. */
export function status(tab: Page, words: string | RegExp): Locator {
  return tab.getByRole("main").getByText(words, { exact: true });
}

/** Of the strip, the link to a page; its name tells whether it has been read. */
export function stripLink(tab: Page, pageNumber: number, words = ""): Locator {
  const name = new RegExp(`^Page ${pageNumber}${words === "" ? "" : ` ${words}`}$`);
  return tab.getByRole("navigation", { name: "Pages" }).getByRole("link", { name });
}

/** The text of the page that is shown, beside its picture. */
export function pageText(shown: Page | Locator): Locator {
  return shown.getByRole("region", { name: "Text", exact: true });
}

/** A word in the picture of the page that is shown, the first of its kind. */
export function wordInPicture(tab: Page, word: string): Locator {
  return tab
    .getByRole("group", { name: /^Words of page/ })
    .getByRole("button", { name: word, exact: true })
    .first();
}

/** Waits for these words in the text of a page; nine in ten of them, for a scan is never read without a fault. */
export async function readsWords(tab: Page, pageNumber: number, words: readonly string[]): Promise<void> {
  assert.ok(words.length >= 5, "too few words to tell anything by");
  const page = tab.getByRole("region", { name: new RegExp(`^Page ${pageNumber} of`) });
  const text = pageText(page);
  await text
    .getByText(words[0] as string)
    .first()
    .waitFor();
  const read = (await text.textContent()) ?? "";
  const missing = words.filter((word) => !read.includes(word));
  assert.ok(missing.length <= words.length / 10, `not read: ${missing.join(", ")}`);
}

/** Downloads by a link or a button and returns the bytes and the name they are to be saved by. */
export async function download(tab: Page, link: RegExp): Promise<{ name: string; data: Buffer }> {
  const begun = tab.waitForEvent("download");
  const downloads = tab.getByRole("list", { name: "Downloads" });
  await downloads.getByRole("link", { name: link }).or(downloads.getByRole("button", { name: link })).click();
  const saved = await begun;
  const chunks: Buffer[] = [];
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk as Buffer);
  return { name: saved.suggestedFilename(), data: Buffer.concat(chunks) };
}
