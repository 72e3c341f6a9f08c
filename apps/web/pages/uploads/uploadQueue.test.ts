import assert from "node:assert/strict";
import { test } from "node:test";
import { noConnection, toProblem } from "../api/problem.ts";
import { HeldServer, MemoryKeeper, openTab, statesOf, untilShown } from "../testing/uploadPorts.ts";

const fileOf = (name: string) => new File(["%PDF-1.7 of some length"], name);
const areAll =
  (kind: string, count: number) =>
  (uploads: readonly { state: { kind: string } }[]): boolean =>
    uploads.length === count && uploads.every(({ state }) => state.kind === kind);
const received = { documentId: "document", isNew: true };

test("three are sent at once, the rest wait for their turn", async () => {
  const server = new HeldServer();
  const { queue, done } = openTab(new MemoryKeeper(), server);
  await queue.add(["1", "2", "3", "4", "5"].map(fileOf), {});
  assert.deepEqual(statesOf(queue), ["sending", "sending", "sending", "waiting", "waiting"]);
  server.attempts[1]?.end({ kind: "done", ...received });
  await server.untilAttempts(4);
  assert.deepEqual(statesOf(queue), ["sending", "sending", "sending", "waiting"]);
  assert.deepEqual(
    done.map(({ upload }) => upload.name),
    ["2"],
  );
});

test("a file that was there already is said to be, and is forgotten", async () => {
  const [server, keeper] = [new HeldServer(), new MemoryKeeper()];
  const { queue } = openTab(keeper, server);
  await queue.add([fileOf("known.pdf")], {});
  server.attempts[0]?.end({ kind: "done", documentId: "known", isNew: false });
  await untilShown(queue, areAll("done", 1));
  await untilShown(queue, () => keeper.kept.size === 0 && keeper.files.size === 0);
});

test("a pause stops sending and makes room; going on resumes where the server has it", async () => {
  const [server, keeper] = [new HeldServer(), new MemoryKeeper()];
  const { queue } = openTab(keeper, server);
  await queue.add(["1", "2", "3", "4"].map(fileOf), {});
  server.attempts[0]?.attempt.onUrl("/api/uploads/one");
  const id = queue.shown.value[0]?.id as string;
  queue.pause(id);
  assert.equal(server.attempts[0]?.attempt.signal.aborted, true);
  assert.deepEqual(statesOf(queue), ["paused", "sending", "sending", "sending"]);
  assert.equal(keeper.kept.get(id)?.isPaused, true);
  queue.resume(id);
  assert.equal(statesOf(queue)[0], "waiting");
  server.attempts[3]?.end({ kind: "done", ...received });
  await untilShown(queue, (uploads) => uploads[0]?.state.kind === "sending");
  assert.equal(server.attempts[4]?.attempt.uploadUrl, "/api/uploads/one");
});

test("after a reload the next page goes on by itself; what was paused stays so", async () => {
  const [server, keeper] = [new HeldServer(), new MemoryKeeper()];
  const first = openTab(keeper, server);
  await first.queue.add([fileOf("1"), fileOf("2")], { languages: "fra" });
  server.attempts[0]?.attempt.onUrl("/api/uploads/one");
  server.attempts[0]?.attempt.onReceived(6);
  first.queue.pause(first.queue.shown.value[1]?.id as string);
  // The page that is gone holds no locks.
  const kept = new MemoryKeeper();
  for (const [id, upload] of keeper.kept) {
    kept.kept.set(`after ${id}`, { ...upload, id: `after ${id}` });
    kept.files.set(`after ${id}`, keeper.files.get(id) as Blob);
  }
  const { queue } = openTab(kept, server);
  await queue.restore();
  assert.deepEqual(statesOf(queue), ["sending", "paused"]);
  assert.equal(queue.shown.value[0]?.sentBytes, 6);
  const { attempt } = server.attempts.at(-1) as (typeof server.attempts)[number];
  assert.equal(attempt.uploadUrl, "/api/uploads/one");
  assert.deepEqual(attempt.metadata, { languages: "fra", filename: "1" });
});

test("of two tabs one sends; the other takes over when it is done with or gives up", async () => {
  const [server, keeper] = [new HeldServer(), new MemoryKeeper()];
  const [one, other] = [openTab(keeper, server), openTab(keeper, server)];
  await one.queue.add([fileOf("shared.pdf")], {});
  await other.queue.restore();
  assert.deepEqual(statesOf(other.queue), ["elsewhere"]);
  assert.equal(server.attempts.length, 1);
  // What another tab sends is not to be touched here.
  other.queue.cancel(other.queue.shown.value[0]?.id as string);
  assert.deepEqual(statesOf(other.queue), ["elsewhere"]);
  server.attempts[0]?.end({ kind: "done", ...received });
  await untilShown(other.queue, (uploads) => uploads.length === 0);
  assert.equal(server.attempts.length, 1);
});

test("what another tab finishes while it is taken up is not shown", async () => {
  const [server, keeper] = [new HeldServer(), new MemoryKeeper()];
  const [one, other] = [openTab(keeper, server), openTab(keeper, server)];
  await one.queue.add([fileOf("shared.pdf")], {});
  const found = await keeper.all();
  server.attempts[0]?.end({ kind: "done", ...received });
  await untilShown(one.queue, (uploads) => uploads.length === 0);
  keeper.all = async () => found;
  await other.queue.restore();
  assert.deepEqual(statesOf(other.queue), []);
});

test("where the browser did not keep the file it has to be chosen again, and no other one", async () => {
  const [server, keeper] = [new HeldServer(), new MemoryKeeper()];
  await keeper.update({
    id: "no file",
    name: "scan.pdf",
    sizeBytes: fileOf("scan.pdf").size,
    metadata: { filename: "scan.pdf" },
    uploadUrl: "/api/uploads/one",
    receivedBytes: 3,
    isPaused: false,
    addedAtMs: 0,
  });
  const { queue } = openTab(keeper, server);
  await queue.restore();
  assert.deepEqual(statesOf(queue), ["fileNeeded"]);
  assert.equal(queue.chooseAgain("no file", fileOf("another.pdf")), false);
  assert.equal(queue.chooseAgain("no file", fileOf("scan.pdf")), true);
  assert.deepEqual(statesOf(queue), ["sending"]);
  assert.equal(server.attempts[0]?.attempt.uploadUrl, "/api/uploads/one");
});

test("a browser without room sends all the same, and says that a reload would lose it", async () => {
  const [server, keeper] = [new HeldServer(), new MemoryKeeper()];
  keeper.isFull = true;
  const { queue } = openTab(keeper, server);
  await queue.add([fileOf("1")], {});
  assert.deepEqual(statesOf(queue), ["sending"]);
  assert.equal(queue.shown.value[0]?.isKept, false);
});

test("cancelling takes it back from the server and forgets it", async () => {
  const [server, keeper] = [new HeldServer(), new MemoryKeeper()];
  const { queue, terminated } = openTab(keeper, server);
  await queue.add([fileOf("1")], {});
  server.attempts[0]?.attempt.onUrl("/api/uploads/one");
  queue.cancel(queue.shown.value[0]?.id as string);
  assert.deepEqual(terminated, ["/api/uploads/one"]);
  assert.deepEqual(statesOf(queue), []);
  assert.equal(keeper.files.size, 0);
});

test("what fails is tried again by itself, begun anew if it is gone, and given up if it is refused", async () => {
  const server = new HeldServer();
  const { queue } = openTab(new MemoryKeeper(), server);
  await queue.add([fileOf("1")], {});
  const first = await server.untilAttempts(1);
  first.attempt.onUrl("/api/uploads/one");
  first.end({ kind: "failed", problem: noConnection() });
  const again = await server.untilAttempts(2);
  assert.equal(again.attempt.uploadUrl, "/api/uploads/one");
  again.end({ kind: "failed", problem: toProblem(404, "", null) });
  const afresh = await server.untilAttempts(3);
  assert.equal(afresh.attempt.uploadUrl, null);
  const body = JSON.stringify({ code: "file_too_large", detail: "x", retryable: false });
  afresh.end({ kind: "failed", problem: toProblem(413, body, null) });
  await untilShown(queue, areAll("failed", 1));
  const { state } = queue.shown.value[0] as (typeof queue.shown.value)[number];
  assert.ok(state.kind === "failed" && state.words.startsWith("The file is too large.") && !state.mayRetry);
});
