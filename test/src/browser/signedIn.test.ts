import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { pageText, stripLink } from "./documentPage.ts";
import { chooseFiles, documentRow, openDocument, upload, uploadRow } from "./documentsPage.ts";
import { bulkyLetter, longWords, sample } from "./filesToUpload.ts";
import { Line } from "./line.ts";
import { isSignedIn, press, signIn } from "./signInPage.ts";
import { ada, ben, signInTests } from "./signInTests.ts";

const signInTest = signInTests();

const heading = (tab: Page, name: string) =>
  tab.getByRole("heading", { level: 1, name, exact: true }).waitFor();
const read = (tab: Page, name: string) => documentRow(tab, name).getByText("Ready, 2 pages").waitFor();

signInTest("each sees their own documents alone, in the list and by address", async (stage) => {
  const { visitor, service } = stage;
  const tab = await visitor.open();
  await signIn(tab, ada);
  await upload(tab, sample("letter.pdf"));
  await read(tab, "letter.pdf");
  const id = await openDocument(tab, "letter.pdf");

  const other = await stage.arrive();
  other.excuse(/status of 404/);
  const others = await other.open(`/documents/${id}`);
  await signIn(others, ben);
  await heading(others, "This document is not here");
  await others.goto(service.url);
  await others.getByText("No documents yet.").waitFor();
  await others.goto(`${service.url}/search?q=${longWords("letter.txt", 1)[0]}`);
  await others.getByText("Nothing was found.").waitFor();
  const answer = await fetch(`${service.url}/api/documents/${id}`);
  assert.equal(answer.status, 401);
});

signInTest(
  "pictures, downloads and the original are fetched with the token",
  async ({ visitor, service }) => {
    const withToken: string[] = [];
    const without: string[] = [];
    visitor.context.on("request", (request) => {
      const path = request.url().slice(service.url.length);
      if (!request.url().startsWith(service.url) || !path.startsWith("/api/")) return;
      if (path === "/api/settings") return;
      (request.headers().authorization?.startsWith("Bearer ") ? withToken : without).push(path);
      assert.ok(!path.includes("token"), path);
    });
    const tab = await visitor.open();
    await signIn(tab, ada);
    await upload(tab, sample("mixed.pdf"));
    const id = await openDocument(tab, "mixed.pdf");
    await stripLink(tab, 2).click();
    await pageText(tab).getByText("saturation").first().waitFor();
    await isShown(tab, "Page 2 as it looks");
    assert.match((await tab.getByAltText("Page 2 as it looks").getAttribute("src")) ?? "", /^blob:/);

    const original = await save(tab, /^Original:/);
    assert.equal(original.name, "mixed.pdf");
    assert.deepEqual(original.data, readFileSync(sample("mixed.pdf")));
    const text = await save(tab, /^Text:/);
    assert.equal(text.name, "mixed.txt");
    assert.ok(text.data.includes("saturation"), "the text has the words of its second page");

    await tab.getByRole("link", { name: "View original" }).click();
    await tab.getByText(/Known conditions: asthma/).waitFor();
    assert.deepEqual(without, []);
    for (const part of ["/pages/2/preview", "/text", "/original", "/original?inline=1", "/events"])
      assert.ok(
        withToken.some((path) => path.includes(`${id}${part}`)),
        `${part} was not asked for`,
      );
  },
);

signInTest("who signs out leaves nothing, in any tab", async (stage) => {
  const { visitor, service } = stage;
  const line = await Line.to(service.url);
  visitor.goBy(line.url);
  try {
    const tab = await visitor.open();
    await signIn(tab, ada);
    const beside = await visitor.open("/search");
    await isSignedIn(beside, ada);
    line.holdAfter(line.sentBytes + 2_000_000);
    await chooseFiles(tab, bulkyLetter(service.folder, "given-up.pdf", 4));
    await line.untilHeld();
    assert.deepEqual(await keptFiles(tab), 1);
    await press(tab, "Sign out");
    await tab.getByText("1 upload is not finished.").waitFor();
    await tab.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
    await heading(tab, "Sign in to Quire");
    await heading(beside, "Sign in to Quire");
    line.comeUp();
    await tab.waitForFunction(keptFilesInPage, 0);
    assert.deepEqual(await tab.evaluate(() => Object.keys(sessionStorage)), []);

    await signIn(tab, ben);
    await tab.getByText("No documents yet.").waitFor();
    assert.equal(await uploadRow(tab, "given-up.pdf").count(), 0);
  } finally {
    line.close();
  }
});

signInTest("a session that ends in the middle is begun again where it was", async (stage) => {
  const { visitor, service, auth } = stage;
  // Also where the server has not yet seen that the line was cut.
  visitor.excuse(/status of 40[019]/);
  const line = await Line.to(service.url);
  visitor.goBy(line.url);
  try {
    const tab = await visitor.open();
    await signIn(tab, ben);
    await upload(tab, sample("scan.pdf"));
    await openDocument(tab, "scan.pdf");
    await stripLink(tab, 1).waitFor();
    const address = tab.url();
    await tab.getByRole("link", { name: "Documents", exact: true }).click();
    line.holdAfter(line.sentBytes + 2_000_000);
    await chooseFiles(tab, bulkyLetter(service.folder, "goes-on.pdf", 4));
    await line.untilHeld();
    await tab.goBack();
    await heading(tab, "scan.pdf");

    // The computer slept until the token had expired, and Supabase knows of the session no more.
    auth.accounts.endSessions();
    await tab.clock.setFixedTime(Date.now() + 2 * 3_600_000);
    line.cut();
    await tab.getByRole("link", { name: "Search" }).click();
    await tab.goBack();
    await tab.getByText("Your session has ended.").waitFor();
    assert.equal(tab.url(), address);
    assert.equal(await tab.getByLabel("Email address").inputValue(), ben.email);
    await tab.clock.setFixedTime(Date.now());
    await tab.getByLabel("Password", { exact: true }).fill(ben.password);
    await press(tab, "Sign in");
    await heading(tab, "scan.pdf");
    assert.equal(tab.url(), address);
    await tab.getByRole("link", { name: "Documents", exact: true }).click();
    await read(tab, "goes-on.pdf");
  } finally {
    line.close();
  }
});

/** Waits until a picture can be seen. */
async function isShown(tab: Page, alt: string): Promise<void> {
  await tab.getByAltText(alt).waitFor();
  await tab.getByAltText(alt).evaluate((image: HTMLImageElement) => image.decode());
}

/** Downloads by a button and returns the bytes and the name they are to be saved by. */
async function save(tab: Page, button: RegExp): Promise<{ name: string; data: Buffer }> {
  const begun = tab.waitForEvent("download");
  await tab.getByRole("list", { name: "Downloads" }).getByRole("button", { name: button }).click();
  const saved = await begun;
  const chunks: Buffer[] = [];
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk as Buffer);
  return { name: saved.suggestedFilename(), data: Buffer.concat(chunks) };
}

/** How many files of uploads this browser keeps. */
async function keptFiles(tab: Page): Promise<number> {
  for (let count = 0; ; count++) if (await tab.evaluate(keptFilesInPage, count)) return count;
}

/** Runs in the page: whether so many are kept. */
function keptFilesInPage(expected: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("quire");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const asking = database.transaction("uploads").objectStore("uploads").getAllKeys();
      asking.onsuccess = () => {
        database.close();
        resolve(asking.result.filter((key) => `${key}`.startsWith("file:")).length === expected);
      };
    };
  });
}
