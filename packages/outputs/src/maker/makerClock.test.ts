import assert from "node:assert/strict";
import { test } from "node:test";
import { MakerClock } from "./makerClock.ts";

const withinMs = 1_000;

test("time runs only while the maker owes something and somebody waits for it", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let overdue = 0;
  const clock = new MakerClock(withinMs, () => overdue++);
  const passes = (ms: number) => {
    mock.timers.tick(ms);
    return overdue;
  };
  clock.owes = true;
  assert.equal(passes(5 * withinMs), 0, "nobody waits");
  clock.isAwaited = true;
  assert.equal(passes(withinMs - 1), 0);
  clock.restart();
  assert.equal(passes(withinMs - 1), 0, "something came of it");
  clock.owes = false;
  assert.equal(passes(5 * withinMs), 0, "it waits for a page");
  clock.owes = true;
  assert.equal(passes(withinMs - 1), 0, "it has got one");
  assert.equal(passes(1), 1);
  clock.restart();
  clock.stop();
  assert.equal(passes(5 * withinMs), 1, "it is over");
});
