import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { browserTests } from "./browserTests.ts";
import { chooseFiles, documentRow, dropFiles, uploadRow } from "./documentsPage.ts";
import { bulkyLetter, sample, written } from "./filesToUpload.ts";

const browserTest = browserTests({ MAX_FILE_MB: "1" });

const officeDocument = Buffer.concat([Buffer.from("PK\x03\x04\x14\0", "latin1"), Buffer.alloc(200)]);

browserTest(
  "what cannot be read is refused before anything is sent, with what to do",
  async ({ service, visitor }) => {
    const { folder } = service;
    const tab = await visitor.open();
    const sent: string[] = [];
    visitor.context.on("request", (request) => {
      if (request.method() !== "GET") sent.push(request.url());
    });
    await tab.getByText("up to 1 MB").waitFor();
    const refused: [string, RegExp][] = [
      [
        written(folder, "renamed.pdf", readFileSync(sample("awkward/note.txt"))),
        /is something else or damaged.*again/,
      ],
      [written(folder, "letter.docx", officeDocument), /Save it as a PDF/],
      [written(folder, "nothing.pdf", ""), /is empty\. Scan or export it again/],
      [bulkyLetter(folder, "large.pdf", 2), /is 2\sMB; the limit is 1\sMB\. Split it/],
      [sample("awkward/photo.heic"), /Share or export it as JPEG/],
      [sample("letter.txt"), /This file type is not supported/],
    ];
    await chooseFiles(tab, ...refused.map(([path]) => path));
    const refusals = tab.getByRole("alert").filter({ hasText: "These were not uploaded" });
    await refusals.waitFor();
    for (const [path, remedy] of refused) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      await refusals.getByRole("listitem").filter({ hasText: name }).filter({ hasText: remedy }).waitFor();
    }
    assert.deepEqual(sent, []);
    await refusals.getByRole("button", { name: "Dismiss" }).click();
    await refusals.waitFor({ state: "detached" });
    await tab.getByText("No documents yet.").waitFor();
  },
);

browserTest("of several files that are dropped, those in order go on", async ({ service, visitor }) => {
  const tab = await visitor.open();
  await tab.getByText("up to 1 MB").waitFor();
  await dropFiles(tab, sample("form.png"), written(service.folder, "blank.tif", ""), sample("letter.pdf"));
  await tab.getByRole("alert").filter({ hasText: "blank.tif: It is empty." }).waitFor();
  await documentRow(tab, "form.png").getByText("Ready, 1 page").waitFor();
  await documentRow(tab, "letter.pdf").getByText("Ready, 2 pages").waitFor();
  // What is in the list is no longer among the uploads.
  await uploadRow(tab, "letter.pdf").waitFor({ state: "detached" });

  await dropFiles(tab, sample("form.png"));
  await tab.getByText("Already here: the same file was uploaded before").waitFor();
  await uploadRow(tab, "form.png").getByRole("button", { name: "Dismiss" }).click();
  await uploadRow(tab, "form.png").waitFor({ state: "detached" });
  assert.equal(await documentRow(tab, "form.png").count(), 1);
});

browserTest("what only its reader can tell is said in the list and on its page", async ({ visitor }) => {
  const tab = await visitor.open();
  await chooseFiles(
    tab,
    sample("awkward/encrypted.pdf"),
    sample("awkward/garbage.pdf"),
    sample("awkward/huge.png"),
  );
  const row = documentRow(tab, "encrypted.pdf");
  await row.getByText("Could not be read").waitFor();
  await row
    .getByText("The PDF is protected by a password. Save a copy without a password and upload that.")
    .waitFor();
  await documentRow(tab, "garbage.pdf")
    .getByText(/^The file is damaged.* Scan or export/)
    .waitFor();
  await documentRow(tab, "huge.png")
    .getByText(/too many pixels\. Scan at 300 dpi/)
    .waitFor();
  await row.getByRole("link").click();
  await tab.getByText("Save a copy without a password and upload that.").waitFor();
  // Reading the same file again would find the same.
  assert.equal(await tab.getByRole("button", { name: /^(Try again|Run OCR again)/ }).count(), 0);
});
