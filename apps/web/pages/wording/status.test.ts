import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleDocument } from "../testing/samples.ts";
import { possibleActions, statusWords } from "./status.ts";

test("says how a document stands", () => {
  const words = (facts: Parameters<typeof sampleDocument>[0]) => statusWords(sampleDocument(facts));
  assert.equal(
    words({ status: "queued", queuePosition: 2, secondsLeft: 200 }),
    "Waiting: third in line · about 4 minutes",
  );
  assert.equal(words({ status: "queued", queuePosition: 7 }), "Waiting: 7 documents ahead");
  assert.equal(words({ status: "queued" }), "Waiting");
  assert.equal(words({ status: "processing", pageCount: null, pagesDone: 0 }), "Opening");
  assert.equal(
    words({ status: "processing", pageCount: 142, pagesDone: 11, secondsLeft: 170 }),
    "Reading page 12 of 142 · about 3 minutes left",
  );
  assert.equal(words({ status: "processing", pageCount: 3, pagesDone: 3 }), "Reading page 3 of 3");
  assert.equal(
    words({ status: "processing", isBeingReadAnew: true, pagesDone: 0 }),
    "Re-reading: page 1 of 3",
  );
  assert.equal(words({}), "Ready, 3 pages");
  assert.equal(words({ pageCount: 1 }), "Ready, 1 page");
  assert.equal(
    words({ status: "partial", pageCount: 142, pagesFailed: 2 }),
    "Ready, 2 of 142 pages could not be read",
  );
  assert.equal(words({ status: "failed" }), "Could not be read");
});

test("offers only what the server would do", () => {
  const actions = (status: Parameters<typeof possibleActions>[0]["status"]) =>
    possibleActions(sampleDocument({ status }));
  assert.deepEqual(actions("processing"), { canCancel: true, canRetry: false, canReadAnew: false });
  assert.deepEqual(actions("completed"), { canCancel: false, canRetry: false, canReadAnew: true });
  assert.deepEqual(actions("failed"), { canCancel: false, canRetry: true, canReadAnew: true });
  const refused = sampleDocument({ status: "failed", error: { code: "encrypted_pdf", message: "" } });
  assert.deepEqual(possibleActions(refused), { canCancel: false, canRetry: false, canReadAnew: false });
});
