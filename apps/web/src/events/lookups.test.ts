import assert from "node:assert/strict";
import { test } from "node:test";
import { type Lookup, Lookups } from "./lookups.ts";

/** A lookup that takes as long as the test wants. */
class HeldLookup implements Lookup {
  begun = 0;
  isBehind = false;
  #held: PromiseWithResolvers<void> | null = null;

  look(): Promise<void> {
    this.begun++;
    this.#held = Promise.withResolvers();
    return this.#held.promise;
  }

  async end(error?: Error): Promise<void> {
    if (error) this.#held?.reject(error);
    else this.#held?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function start() {
  const errors: unknown[] = [];
  return { lookups: new Lookups((error) => errors.push(error)), errors };
}

test("what changes ten times while it is looked up is looked up once more", async () => {
  const { lookups } = start();
  const lookup = new HeldLookup();
  for (let count = 0; count < 10; count++) lookups.add(lookup);
  assert.equal(lookup.begun, 1);
  await lookup.end();
  assert.equal(lookup.begun, 2);
  await lookup.end();
  assert.equal(lookup.begun, 2);
  lookups.add(lookup);
  assert.equal(lookup.begun, 3);
});

test("two are looked up at a time, the others in their turn", async () => {
  const { lookups } = start();
  const all = Array.from({ length: 4 }, () => new HeldLookup());
  for (const lookup of all) lookups.add(lookup);
  assert.deepEqual(
    all.map(({ begun }) => begun),
    [1, 1, 0, 0],
  );
  await all[1]?.end();
  assert.deepEqual(
    all.map(({ begun }) => begun),
    [1, 1, 1, 0],
  );
  // One that is under way holds up nobody behind it.
  lookups.add(all[0] as HeldLookup);
  await all[2]?.end();
  assert.deepEqual(
    all.map(({ begun }) => begun),
    [1, 1, 1, 1],
  );
  await all[0]?.end();
  assert.equal(all[0]?.begun, 2);
});

test("what is behind goes on at once; what fails is told, and waits to be asked again", async () => {
  const { lookups, errors } = start();
  const lookup = new HeldLookup();
  lookup.isBehind = true;
  lookups.add(lookup);
  await lookup.end();
  assert.equal(lookup.begun, 2);
  await lookup.end(new Error("away"));
  assert.equal(lookup.begun, 2);
  assert.equal(errors.length, 1);
  lookups.add(lookup);
  assert.equal(lookup.begun, 3);
});

test("nothing is begun once it is closed", async () => {
  const { lookups } = start();
  const lookup = new HeldLookup();
  lookups.add(lookup);
  lookups.add(lookup);
  lookups.close();
  await lookup.end();
  lookups.add(lookup);
  assert.equal(lookup.begun, 1);
});
