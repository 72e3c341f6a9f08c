import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTests, type Stage } from "./browserTests.ts";
import { readsWords, status, stripLink } from "./documentPage.ts";
import { chooseFiles, documentRow, openDocument, upload, uploadRow } from "./documentsPage.ts";
import { bulkyLetter, longReport, longWords } from "./filesToUpload.ts";
import { Line } from "./line.ts";

const browserTest = browserTests();

/**
 * Pages send in pieces of 6 MB. A file that is interrupted in its second piece arrives whole without a byte of the
 * first being sent again; begun anew it would take as many again.
 */
const megabytes = 14;
const heldAfterBytes = 8_000_000;
/** Some MB on their way to a busy service are lost with a connection; all that was sent before would be 22 MB. */
const sentAtMostBytes = 20_000_000;
/** What a browser complains of when nobody answers. */
const nobodyAnswers = /net::ERR_/;

/** A test whose visitor's line can be held; an upload of it sends no byte twice that the service had. */
function interrupted(name: string, act: (stage: Stage & { line: Line }) => Promise<void>): void {
  browserTest(name, async (stage) => {
    const line = await Line.to(stage.service.url);
    stage.visitor.goBy(line.url);
    try {
      await act({ ...stage, line });
      assert.ok(line.sentBytes < sentAtMostBytes, `${line.sentBytes} bytes were sent`);
    } finally {
      line.close();
    }
  });
}

/** Begins an upload, and resolves when it stands still in the middle. */
async function beginUpload(tab: Page, line: Line, path: string): Promise<void> {
  line.holdAfter(heldAfterBytes);
  await chooseFiles(tab, path);
  await line.untilHeld();
}

const read = (tab: Page, name: string) => documentRow(tab, name).getByText("Ready, 2 pages").waitFor();

interrupted("an upload is paused and resumed", async ({ service, visitor, line }) => {
  const tab = await visitor.open();
  await beginUpload(tab, line, bulkyLetter(service.folder, "paused.pdf", megabytes));
  await tab.getByRole("button", { name: "Pause: paused.pdf" }).click();
  await uploadRow(tab, "paused.pdf")
    .getByText(/^Paused at \d/)
    .waitFor();
  line.cut();
  await tab.getByRole("button", { name: "Resume: paused.pdf" }).click();
  await read(tab, "paused.pdf");
});

interrupted("an upload that loses its connection goes on by itself", async ({ service, visitor, line }) => {
  visitor.excuse(nobodyAnswers);
  const tab = await visitor.open();
  await beginUpload(tab, line, bulkyLetter(service.folder, "offline.pdf", megabytes));
  await visitor.context.setOffline(true);
  line.goDown();
  await tab.getByText("Connection lost. Reconnecting automatically…").waitFor();
  await uploadRow(tab, "offline.pdf").getByText("No connection. It goes on by itself.").waitFor();
  line.comeUp();
  await visitor.context.setOffline(false);
  await read(tab, "offline.pdf");
  await tab.getByText("Connection lost").waitFor({ state: "detached" });
});

interrupted("an upload goes on when the server was killed", async ({ service, visitor, line }) => {
  visitor.excuse(nobodyAnswers);
  const tab = await visitor.open();
  await beginUpload(tab, line, bulkyLetter(service.folder, "killed.pdf", megabytes));
  await service.kill("web");
  line.cut();
  await read(tab, "killed.pdf");
});

interrupted("an upload goes on when the page was reloaded", async ({ service, visitor, line }) => {
  const tab = await visitor.open();
  await beginUpload(tab, line, bulkyLetter(service.folder, "reloaded.pdf", megabytes));
  await tab.reload();
  line.cut();
  await read(tab, "reloaded.pdf");
});

interrupted(
  "an upload that is paused stays so when the page is reloaded",
  async ({ service, visitor, line }) => {
    const tab = await visitor.open();
    await beginUpload(tab, line, bulkyLetter(service.folder, "waits.pdf", megabytes));
    await tab.getByRole("button", { name: "Pause: waits.pdf" }).click();
    await tab.reload();
    line.cut();
    await tab.getByRole("button", { name: "Resume: waits.pdf" }).click();
    await read(tab, "waits.pdf");
  },
);

interrupted("of two tabs one sends an upload, and the other when the first is closed", async (stage) => {
  const { service, visitor, line } = stage;
  let begun = 0;
  visitor.context.on("request", (request) => {
    if (request.method() === "POST") begun++;
  });
  const first = await visitor.open();
  await beginUpload(first, line, bulkyLetter(service.folder, "shared.pdf", megabytes));
  const second = await visitor.open();
  await uploadRow(second, "shared.pdf").getByText("Another tab takes care of it").waitFor();
  await first.close();
  line.cut();
  await read(second, "shared.pdf");
  assert.equal(begun, 1);

  const third = await visitor.open();
  await read(third, "shared.pdf");
  await documentRow(second, "shared.pdf").getByRole("button", { name: "Delete" }).click();
  await second.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await documentRow(third, "shared.pdf").waitFor({ state: "detached" });
});

browserTest(
  "a document is finished when its worker is killed, every page once",
  async ({ service, visitor }) => {
    const tab = await visitor.open();
    const pageCount = 7;
    await upload(tab, await longReport(service.folder, "survivor.tif", pageCount));
    const id = await openDocument(tab, "survivor.tif");
    await stripLink(tab, 2).waitFor();
    await service.kill("worker");
    await status(tab, `Ready, ${pageCount} pages`).waitFor();
    assert.match(service.log, /took over from a dead worker/);
    for (let page = 1; page <= pageCount; page++) await stripLink(tab, page).waitFor();
    await tab.getByRole("button", { name: "Next page" }).click();
    await readsWords(tab, 2, longWords("report.txt", 2));
    const { pages } = await (await fetch(`${service.url}/api/documents/${id}/pages`)).json();
    const numbers = pages.map(({ pageNumber }: { pageNumber: number }) => pageNumber);
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7]);
  },
);
