import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Route } from "playwright-core";
import { browserTests } from "./browserTests.ts";
import { download, pageText, readsWords, status, stripLink, wordInPicture } from "./documentPage.ts";
import { documentRow, openDocument, upload, uploadRow } from "./documentsPage.ts";
import { longReport, longWords, sample, signedScan } from "./filesToUpload.ts";

const browserTest = browserTests();

browserTest("where nothing has been uploaded yet, the pages say so and what to do", async ({ visitor }) => {
  const tab = await visitor.open();
  await tab.getByText("No documents yet.").waitFor();
  await tab.getByText("Drop a scan, a fax or a photo above, or choose a file.").waitFor();
  await tab.getByLabel("Show").selectOption("Ready");
  await tab.getByText("No documents match this filter.").waitFor();
  await tab.getByRole("link", { name: "Operations" }).click();
  const gaveUp = tab.getByRole("region", { name: "Failed documents" });
  await gaveUp.getByText("None.").waitFor();
});

browserTest(
  "a scan is uploaded, its pages are read one by one, and the first can be read meanwhile",
  async (stage) => {
    const { service, visitor } = stage;
    const tab = await visitor.open();
    const pageCount = 8;
    const row = await upload(tab, await longReport(service.folder, "ward.tif", pageCount));
    await openDocument(tab, "ward.tif");
    await readsWords(tab, 1, longWords("report.txt", 1));
    await service.whileHeld("worker", async () => {
      await status(tab, new RegExp(`^Reading page [2-${pageCount}] of ${pageCount}\\b`)).waitFor();
      await stripLink(tab, 1).waitFor();
      await stripLink(tab, pageCount, "not read yet").waitFor();
      const word = wordInPicture(tab, "Discharge");
      await word.waitFor();
      await tab.getByRole("link", { name: "All documents" }).click();
      await row.getByText(/^Reading page/).waitFor();
      assert.equal(await row.getByRole("progressbar").getAttribute("max"), `${pageCount}`);
      await openDocument(tab, "ward.tif");
    });
    await status(tab, `Ready, ${pageCount} pages`).waitFor();
    for (let page = 1; page <= pageCount; page++) await stripLink(tab, page).waitFor();
    for (const page of [2, 3]) {
      await tab.getByRole("button", { name: "Next page" }).click();
      await tab.getByRole("heading", { name: `Page ${page} of ${pageCount}` }).waitFor();
      await readsWords(tab, page, longWords("report.txt", page));
    }
  },
);

browserTest("a list shows what becomes of a document while it is fetched", async ({ service, visitor }) => {
  const [tab, beside] = [await visitor.open(), await visitor.open()];
  const pageCount = 4;
  const row = await upload(tab, await longReport(service.folder, "overtaken.tif", pageCount));
  const fetched = Promise.withResolvers<void>();
  const overtaken = Promise.withResolvers<void>();
  const answerLate = async (route: Route) => {
    const response = await route.fetch();
    fetched.resolve();
    await overtaken.promise;
    await route.fulfill({ response });
  };
  await row.getByText(/^Reading page/).waitFor();
  await service.whileHeld("worker", async () => {
    await tab.route(/status=processing/, answerLate, { times: 1 });
    await tab.getByLabel("Show").selectOption("Being read");
    await fetched.promise;
  });
  await documentRow(beside, "overtaken.tif").getByText(`Ready, ${pageCount} pages`).waitFor();
  overtaken.resolve();
  await tab.getByText("No documents match this filter.").waitFor();
});

browserTest(
  "words are selected and copied from the picture, and tell how certain they are",
  async ({ visitor }) => {
    const tab = await visitor.open();
    const row = await upload(tab, sample("scan.pdf"));
    await row.getByText("Ready, 1 page").waitFor();
    await openDocument(tab, "scan.pdf");
    const picture = tab.getByRole("img", { name: "Page 1 as it looks" });
    await picture.waitFor();
    assert.ok(
      await picture.evaluate((image: HTMLImageElement) =>
        image.decode().then(() => image.naturalWidth > 500),
      ),
    );

    await wordInPicture(tab, "Gallstones").waitFor();
    const [from, to] = await Promise.all(
      ["Gallstones", "abdomen."].map((word) => wordInPicture(tab, word).boundingBox()),
    );
    assert.ok(from && to);
    await tab.mouse.move(from.x + 1, from.y + from.height / 2);
    await tab.mouse.down();
    await tab.mouse.move(to.x + to.width + 2, to.y + to.height / 2, { steps: 10 });
    await tab.mouse.up();
    const line = "Gallstones with repeated pain in the right upper abdomen.";
    const selected = await tab.evaluate(() => getSelection()?.toString() ?? "");
    assert.equal(selected.replace(/\s/g, ""), line.replace(/\s/g, ""));
    await tab.keyboard.press("Control+C");
    assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), line);

    await tab.evaluate(() => getSelection()?.empty());
    await wordInPicture(tab, "Gallstones").click();
    await tab.getByText(/^Gallstones: confidence \d+%/).waitFor();

    await tab.getByRole("button", { name: "Copy: text of the page" }).click();
    await tab.getByRole("button", { name: "Copied: text of the page" }).waitFor();
    assert.ok((await tab.evaluate(() => navigator.clipboard.readText())).includes("Operation Report"));
  },
);

browserTest(
  "words are found in a document and in all of them, and are marked where they stand",
  async ({ visitor }) => {
    const tab = await visitor.open();
    await (await upload(tab, sample("report.tif"))).getByText("Ready, 3 pages").waitFor();
    await (await upload(tab, sample("letter.pdf"))).getByText("Ready, 2 pages").waitFor();
    await openDocument(tab, "report.tif");
    await tab.getByRole("searchbox", { name: "Search in this document" }).fill("physiother");
    await tab.keyboard.press("Enter");
    await tab.getByText("Found on 1 page").waitFor();
    await tab.getByRole("list", { name: "Found on" }).getByRole("link", { name: "Page 2" }).click();
    await pageText(tab).locator("mark", { hasText: "physiotherapist" }).waitFor();

    await tab.getByRole("link", { name: "Search", exact: true }).click();
    await tab.getByRole("searchbox", { name: "Search in all documents" }).fill("echocardiogram rhythm");
    await tab.getByRole("button", { name: "Search" }).click();
    await tab.getByRole("link", { name: "letter.pdf, page 2" }).click();
    await tab.getByRole("heading", { name: "Page 2 of 2" }).waitFor();
    await pageText(tab).locator("mark", { hasText: "echocardiogram" }).waitFor();

    await tab.goBack();
    await tab.getByRole("searchbox").fill("xylophone");
    await tab.keyboard.press("Enter");
    await tab.getByText("Nothing was found.").waitFor();
  },
);

browserTest("text, words, what archives keep and the original are downloaded", async ({ visitor }) => {
  const tab = await visitor.open();
  const row = await upload(tab, sample("fax.tif"));
  await row.getByText("Ready, 1 page").waitFor();
  await openDocument(tab, "fax.tif");
  await readsWords(tab, 1, longWords("fax.txt", 1));
  const text = await download(tab, /^Text/);
  assert.equal(text.name, "fax.txt");
  assert.match(text.data.toString(), /appointment/);
  const json = await download(tab, /^JSON/);
  assert.equal(json.name, "fax.json");
  assert.equal(JSON.parse(json.data.toString()).pages.length, 1);
  const others = { hOCR: "fax.hocr", ALTO: "fax.alto.xml", NDJSON: "fax.ndjson" };
  for (const [format, name] of Object.entries(others)) {
    const file = await download(tab, new RegExp(`^${format}`));
    assert.equal(file.name, name);
    assert.match(file.data.toString(), /appointment/);
  }
  const original = await download(tab, /^Original/);
  assert.equal(original.name, "fax.tif");
  assert.ok(original.data.equals(readFileSync(sample("fax.tif"))));
});

browserTest("a searchable PDF is made of a scan, and has its words", async ({ visitor }) => {
  const tab = await visitor.open();
  await (await upload(tab, sample("scan.pdf"))).getByText("Ready, 1 page").waitFor();
  await openDocument(tab, "scan.pdf");
  const pdf = await download(tab, /^Searchable PDF/);
  assert.equal(pdf.name, "scan.pdf");
  const loading = getDocument({ data: new Uint8Array(pdf.data) });
  const { items } = await (await (await loading.promise).getPage(1)).getTextContent();
  const text = items.map((item) => ("str" in item ? item.str : "")).join(" ");
  await loading.destroy();
  assert.match(text, /Gallstones/);
  await tab.getByRole("button", { name: /^Searchable PDF/ }).waitFor();
});

browserTest(
  "why no PDF can be made is told in words, and the text is there",
  async ({ service, visitor }) => {
    visitor.excuse(/status of 422/);
    const tab = await visitor.open();
    const row = await upload(tab, await signedScan(service.folder, "contract.pdf"));
    await row.getByText("Ready, 1 page").waitFor();
    await openDocument(tab, "contract.pdf");
    await tab.getByRole("button", { name: /^Searchable PDF/ }).click();
    const why = "The document is signed: with anything added, the signature would not count any more.";
    await tab.getByRole("alert").getByText(why).waitFor();
    assert.equal((await download(tab, /^Text/)).name, "contract.txt");
  },
);

browserTest("a PDF is opened in place, as it was sent", async ({ visitor }) => {
  const tab = await visitor.open();
  await (await upload(tab, sample("mixed.pdf"))).getByText("Ready, 4 pages").waitFor();
  await openDocument(tab, "mixed.pdf");
  await tab.getByRole("link", { name: "View original" }).click();
  const original = tab.getByRole("region", { name: "The original, 4 pages" });
  await original.getByText(/Known conditions: asthma/).waitFor();
  const drawn = await original
    .locator("canvas")
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return pixels.some((level, index) => index % 4 !== 3 && level < 100);
    });
  assert.ok(drawn, "nothing dark is on the canvas");
  await tab.getByRole("link", { name: "View recognised text" }).click();
  await readsWords(tab, 1, longWords("mixed.txt", 1));
});

browserTest("what is deleted is gone, from the pages and from the disk", async ({ service, visitor }) => {
  const tab = await visitor.open();
  const row = await upload(tab, sample("photo.jpg"));
  await row.getByText("Ready, 1 page").waitFor();
  const id = await openDocument(tab, "photo.jpg");
  const files = join(service.folder, "home/files");
  const ofIt = () => readdirSync(files, { recursive: true }).filter((path) => path.includes(id));
  assert.ok(ofIt().length >= 2, "the original and a preview were there");
  await tab.getByRole("button", { name: "Delete" }).click();
  const question = tab.getByRole("dialog", { name: "Delete this document?" });
  await question.getByText("photo.jpg").waitFor();
  await question.getByRole("button", { name: "Delete" }).click();
  await tab.getByRole("heading", { name: "Your documents" }).waitFor();
  await row.waitFor({ state: "detached" });
  assert.deepEqual(ofIt(), []);

  visitor.excuse(/status of 410/);
  await tab.goto(`${service.url}/documents/${id}`);
  await tab.getByRole("heading", { name: "This document was deleted" }).waitFor();
  await tab.getByRole("link", { name: "To your documents" }).click();
  await tab.getByRole("heading", { name: "Your documents" }).waitFor();
  assert.equal(await documentRow(tab, "photo.jpg").count(), 0);
  assert.equal(await uploadRow(tab, "photo.jpg").count(), 0);
});
