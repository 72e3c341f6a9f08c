import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { localOwnerId, type Word } from "@quire/core";
import { Documents, Queue } from "@quire/store";
import { page } from "@quire/store/testing";
import type { StartedService } from "../startedService.ts";
import { assertAccessible } from "./axe.ts";
import { browserTests } from "./browserTests.ts";
import { withDatabase } from "./database.ts";
import { pageText, wordInPicture } from "./documentPage.ts";
import { chooseFiles, documentRow, openDocument } from "./documentsPage.ts";
import { sample } from "./filesToUpload.ts";

const browserTest = browserTests();

const box = { x: 100, y: 100, width: 120, height: 30 };
const number: Word = {
  text: "31",
  alternative: "37",
  confidence: 88,
  uncertain: true,
  box,
  line: 0,
  block: 0,
};
const certain: Word = { ...number, text: "mg", uncertain: false, box: { ...box, x: 300 } };
const read = { text: "31 mg", words: [number, certain] };

/** Adds a document of six pages that have been read, three of whose numbers are to be checked. @returns its id */
async function addRead(service: StartedService, filename: string): Promise<string> {
  const id = randomUUID();
  await service.whileHeld("worker", () =>
    withDatabase(service, async (database) => {
      const stored = {
        storageKey: `${localOwnerId}/${id}/original`,
        sizeBytes: 1_000,
        sha256: null,
        options: {},
      };
      await new Documents(database).add({ id, ownerId: localOwnerId, filename, ...stored });
      const queue = await Queue.open(database, { workerId: "of-a-test" });
      const claim = await queue.claim("small");
      assert.equal(claim?.documentId, id);
      await claim.describe({ pageCount: 6, contentType: "image/tiff", sha256: "0".repeat(64) });
      for (const number of [1, 3, 4, 6]) await claim.savePage(page(number));
      await claim.savePage(
        page(2, { ...read, words: [...read.words, { ...number, box: { ...box, y: 200 } }] }),
      );
      await claim.savePage(page(5, { ...read, warnings: ["script_not_covered"], missingLanguage: "rus" }));
      await claim.finish(1);
      await queue.close();
    }),
  );
  return id;
}

browserTest("numbers to check are counted, with a way to each page and the other reading", async (stage) => {
  const { service, visitor } = stage;
  await addRead(service, "laboratory.tif");
  const tab = await visitor.open();
  await openDocument(tab, "laboratory.tif");
  const heading = tab.getByText("3 numbers to check, on pages 2 and 5", { exact: true });
  await heading.waitFor();
  await heading.getByRole("link", { name: "5" }).click();
  await tab.getByRole("heading", { name: "Page 5 of 6" }).waitFor();
  await tab
    .getByText(/in a script that is not installed\. Install it: npm install @tesseract\.js-data\/rus/)
    .waitFor();

  const word = wordInPicture(tab, "31");
  await word.and(tab.locator(".word-uncertain")).waitFor();
  assert.equal(await word.getAttribute("title"), "other reading: 37");
  assert.equal(await wordInPicture(tab, "mg").and(tab.locator(".word-uncertain")).count(), 0);
  await word.click();
  await tab.getByText(/^31: confidence 88%, other reading: 37\. Compare it with the original\.$/).waitFor();
  await pageText(tab).getByText("1 word is uncertain").waitFor();
  await assertAccessible(tab, "a document with numbers to check");

  await tab.getByLabel("Highlight uncertain words").uncheck();
  assert.equal(await tab.locator(".word-uncertain, .page-text .uncertain-word").count(), 0);
});

browserTest(
  "uploads are read in whatever language they are in, as thoroughly as was chosen",
  async (stage) => {
    const { service, visitor } = stage;
    const tab = await visitor.open();
    await tab.getByText("Quality: Balanced").click();
    await tab.getByLabel(/^Thorough/).check();
    await assertAccessible(tab, "the choice of quality");
    await chooseFiles(tab, sample("letter.pdf"));
    await documentRow(tab, "letter.pdf").waitFor();
    await withDatabase(service, async (database) => {
      const rows = await database.query("select options from documents where filename = 'letter.pdf'");
      assert.deepEqual(rows, [
        { options: { languages: ["auto"], textLayer: "auto", rotate: "auto", quality: "best" } },
      ]);
    });
  },
);

browserTest("documents of an older reader are read again from the operations page", async (stage) => {
  const { service, visitor } = stage;
  const id = await addRead(service, "old.tif");
  await withDatabase(service, async (database) => {
    await database.query("update pages set reader = null where document_id = $1", [id]);
  });
  const tab = await visitor.open("/ops");
  const button = tab.getByRole("button", { name: "Re-read documents read by an older reader (1)" });
  await button.click();
  await tab.getByText("1 document is queued behind all new uploads.").waitFor();
  await assertAccessible(tab, "the question before re-reading");
  await service.whileHeld("worker", async () => {
    await tab.getByRole("button", { name: "Re-read", exact: true }).click();
    await button.waitFor({ state: "detached" });
    await withDatabase(service, async (database) => {
      const rows = await database.query("select status, priority from documents where id = $1", [id]);
      assert.deepEqual(rows, [{ status: "queued", priority: -20 }]);
    });
  });
});
