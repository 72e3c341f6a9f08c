import assert from "node:assert/strict";
import { resolveObjectURL } from "node:buffer";
import { test } from "node:test";
import { PictureCache } from "./pictureCache.ts";

/** A server of pictures that answers when it is told to. */
function openCache() {
  const asked: string[] = [];
  let answer = async (path: string) => new Response(path);
  const cache = new PictureCache(async (path, { signal }) => {
    asked.push(path);
    const response = await answer(path);
    signal?.throwIfAborted();
    return response;
  });
  return { cache, asked, answerWith: (next: typeof answer) => (answer = next) };
}

const isHeld = (url: string) => resolveObjectURL(url) !== undefined;

test("a picture is fetched once however often it is shown, and stays for who scrolls back", async () => {
  const { cache, asked } = openCache();
  const [one, other] = [cache.take("/a"), cache.take("/a")];
  const url = await one.url;
  assert.equal(await other.url, url);
  assert.equal(await resolveObjectURL(url)?.text(), "/a");
  one.giveBack();
  one.giveBack();
  other.giveBack();
  assert.equal(await cache.take("/a").url, url);
  assert.deepEqual(asked, ["/a"]);
});

test("of those that are nowhere shown sixty are held, and those that are shown all", async () => {
  const { cache } = openCache();
  const shown = cache.take("/shown");
  const urls: string[] = [];
  for (let number = 0; number < 70; number++) {
    const taken = cache.take(`/${number}`);
    urls.push(await taken.url);
    taken.giveBack();
  }
  assert.deepEqual(
    urls.map((url) => isHeld(url)),
    urls.map((_, number) => number >= 10),
  );
  assert.ok(isHeld(await shown.url));
  cache.clear();
  assert.ok(![...urls, await shown.url].some(isHeld));
});

test("what is given back before it has come is not waited for, and what failed is asked for again", async () => {
  const { cache, asked, answerWith } = openCache();
  const early = cache.take("/a");
  early.giveBack();
  await assert.rejects(early.url);
  answerWith(async () => new Response("", { status: 503 }));
  await assert.rejects(cache.take("/b").url);
  answerWith(async (path) => new Response(path));
  await cache.take("/b").url;
  assert.deepEqual(asked, ["/a", "/b", "/b"]);
});
