import assert from "node:assert/strict";
import type { Page, Request } from "playwright-core";
import type { StorageService } from "../supabase/storage/storageService.ts";
import { chooseFiles, documentRow, upload, uploadRow } from "./documentsPage.ts";
import { bulkyLetter, sample } from "./filesToUpload.ts";
import { signIn } from "./signInPage.ts";
import { ada, ben, type SignInStage, signInTests } from "./signInTests.ts";

const signInTest = signInTests("supabase");

const chunkBytes = 6 * 1024 * 1024;
const megabytes = 14;
/** In the middle of the second of three pieces. */
const cutAfterBytes = 2_000_000;
const read = (tab: Page, name: string) => documentRow(tab, name).getByText("Ready, 2 pages").waitFor();

/** A test with Storage, which forgets what was asked and went wrong before. */
function storageTest(name: string, act: (stage: SignInStage & { storage: StorageService }) => Promise<void>) {
  signInTest(name, async (stage) => {
    assert.ok(stage.storage);
    stage.storage.faults.clear();
    await act({ ...stage, storage: stage.storage });
  });
}

/** At which byte each piece began that was sent to Storage. */
function offsetsSent(tab: Page): number[] {
  const offsets: number[] = [];
  tab.on("request", (request: Request) => {
    if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
  });
  return offsets;
}

storageTest("a file goes straight to its owner's folder in the bucket, and is read", async (stage) => {
  const { visitor, storage, service } = stage;
  const asked: string[] = [];
  visitor.context.on("request", (request) => {
    if (request.method() !== "GET") asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  const tab = await visitor.open();
  await signIn(tab, ada);
  const row = await upload(tab, sample("letter.pdf"));
  await row.getByText("Ready, 2 pages").waitFor();
  assert.ok(asked.includes("POST /api/documents/stored"));
  assert.ok(!asked.some((each) => each.endsWith("/api/uploads")), "it went by our own server");
  assert.ok(storage.faults.asked.includes("POST /upload/resumable"));
  assert.match(service.log, /web server listens/);

  const other = await stage.arrive();
  const others = await other.open();
  await signIn(others, ben);
  await others.getByText("No documents yet.").waitFor();
});

storageTest("an upload that was cut goes on where it stopped, in pieces of 6 MB", async (stage) => {
  const { visitor, storage, service } = stage;
  visitor.excuse(/net::ERR_/, /status of 4(09|23)/);
  const tab = await visitor.open();
  const offsets = offsetsSent(tab);
  await signIn(tab, ada);
  storage.faults.plan("PATCH /upload/resumable/", { pauseMsEachChunk: 0 });
  storage.faults.plan("PATCH /upload/resumable/", { cutAfterBytes });
  await chooseFiles(tab, bulkyLetter(service.folder, "cut.pdf", megabytes));
  await read(tab, "cut.pdf");
  const [first, second, resumedAt = 0, ...more] = offsets;
  assert.deepEqual([first, second, more], [0, chunkBytes, []]);
  // What came before the cut is kept, but for what was not yet on disk.
  assert.ok(resumedAt > chunkBytes && resumedAt <= chunkBytes + cutAfterBytes, `resumed at ${resumedAt}`);
  const creations = storage.faults.asked.filter((each) => each === "POST /upload/resumable");
  assert.equal(creations.length, 1);
});

storageTest("an upload goes on when the page was reloaded", async (stage) => {
  const { visitor, storage, service } = stage;
  visitor.excuse(/net::ERR_/, /status of 4(09|23)/);
  const tab = await visitor.open();
  await signIn(tab, ada);
  const held = Promise.withResolvers<void>();
  storage.faults.plan("PATCH /upload/resumable/", { pauseMsEachChunk: 0 });
  storage.faults.plan("PATCH /upload/resumable/", { cutAfterBytes, until: held.promise });
  // How much has been sent no page knows: the connection holds megabytes that nobody has read.
  const secondPiece = tab.waitForRequest(
    (request) => request.method() === "PATCH" && request.headers()["upload-offset"] === `${chunkBytes}`,
  );
  await chooseFiles(tab, bulkyLetter(service.folder, "reloaded.pdf", megabytes));
  await secondPiece;
  await tab.getByText("Uploads that are cut or paused can go on within 24 hours.").waitFor();
  await tab.reload();
  held.resolve();
  await read(tab, "reloaded.pdf");
  const creations = storage.faults.asked.filter((each) => each === "POST /upload/resumable");
  assert.equal(creations.length, 1);
});

storageTest("a file whose last answer was lost becomes one document", async (stage) => {
  const { visitor, storage, service } = stage;
  visitor.excuse(/net::ERR_/, /status of 40[0-9]/);
  const tab = await visitor.open();
  await signIn(tab, ada);
  storage.faults.plan("PATCH /upload/resumable/", { loseAnswer: true });
  await chooseFiles(tab, bulkyLetter(service.folder, "lost.pdf", 1));
  await read(tab, "lost.pdf");
  assert.equal(await documentRow(tab, "lost.pdf").count(), 1);
});

storageTest("what Storage refuses is told in words", async (stage) => {
  const { visitor, storage } = stage;
  visitor.excuse(/status of (4\d\d|503)/);
  const tab = await visitor.open();
  await signIn(tab, ben);
  storage.faults.plan("POST /upload/resumable", { status: 503 });
  await upload(tab, sample("scan.pdf"));
  storage.faults.plan("POST /upload/resumable", { status: 413 });
  await chooseFiles(tab, sample("form.png"));
  await uploadRow(tab, "form.png")
    .getByText(/^The file is too large/)
    .waitFor();
});
