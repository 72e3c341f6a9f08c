import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "./turns.ts";

async function* pieces(count: number) {
  for (let number = 0; number < count; number++) yield Buffer.from([number]);
}

test("of many files that come in, one piece is taken a round, and each file stays in order", async () => {
  const turns = new Turns();
  let round = 0;
  let isDone = false;
  const nextRound = () => {
    round++;
    if (!isDone) setImmediate(nextRound);
  };
  setImmediate(nextRound);

  const takenIn: number[] = [];
  const take = async () => {
    const taken: number[] = [];
    for await (const [number] of turns.of(pieces(5))) {
      takenIn.push(round);
      taken.push(number ?? -1);
    }
    assert.deepEqual(taken, [0, 1, 2, 3, 4]);
  };
  await Promise.all(Array.from({ length: 20 }, take));
  isDone = true;
  assert.equal(takenIn.length, 100);
  assert.equal(new Set(takenIn).size, 100);
});

test("a file that fails, or that nobody takes any more, holds up no other", async () => {
  const turns = new Turns();
  const failing = async function* () {
    yield Buffer.from("half");
    throw new Error("the line broke");
  };
  const read = async (content: AsyncIterable<Uint8Array>) => {
    for await (const _ of turns.of(content));
  };
  const others = read(pieces(3));
  await assert.rejects(read(failing()), { message: "the line broke" });
  for await (const _ of turns.of(pieces(3))) break;
  await others;
  await read(pieces(3));
});
