import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { describe, type TestContext, test } from "node:test";
import type { FileStore } from "./fileStore.ts";

const megabyte = 1_000_000;
const key = "owner-1/document_2/original.pdf";

/** Each must be refused, whatever is done with it; the last ones are one character too long. */
const invalidKeys = [
  ...["", ".", "..", "/", "/x", "x/", "a//b", "./a", "a/./b", "../x", "a/../b", "a/..", "a\0b", "a\\b"],
  ...["a b", "a%2fb", "a:b", "a\n", "\u00e9", "C:\\x", "a\u2044b"],
  ...["x".repeat(600), "x".repeat(256), `${"abc/".repeat(128)}d`],
];
const longestKey = `${"a".repeat(255)}/${"b".repeat(254)}/c`;

/** Registers the tests that every adapter of FileStore must pass, each on a store of its own. */
export function fileStoreContract(
  name: string,
  makeStore: () => Promise<{ store: FileStore; cleanUp(): Promise<void> }>,
): void {
  const storeTest = (title: string, run: (store: FileStore) => Promise<void>) =>
    test(title, { timeout: 60_000 }, async (context: TestContext) => {
      const { store, cleanUp } = await makeStore();
      context.after(cleanUp);
      await run(store);
    });

  describe(`${name} keeps the contract of FileStore`, () => {
    storeTest("what goes in comes out, with its exact size and hash", async (store) => {
      const bytes = randomBytes(5 * megabyte);
      assert.deepEqual(await store.put(key, inChunks(bytes, 65_537)), sumsOf(bytes));
      assert.deepEqual(await contentOf(store), bytes);
      assert.equal(await store.size(key), bytes.length);
    });

    storeTest("an empty file is a file", async (store) => {
      assert.deepEqual(await store.put(key, inChunks(Buffer.alloc(0))), sumsOf(Buffer.alloc(0)));
      assert.equal((await contentOf(store)).length, 0);
      assert.equal(await store.size(key), 0);
    });

    storeTest("a source that reuses its buffer is stored as it came", async (store) => {
      const source = async function* () {
        const chunk = Buffer.alloc(70_001);
        for (const value of [1, 2, 3]) yield chunk.fill(value);
      };
      const bytes = Buffer.concat([1, 2, 3].map((value) => Buffer.alloc(70_001, value)));
      assert.deepEqual(await store.put(key, source()), sumsOf(bytes));
      assert.deepEqual(await contentOf(store), bytes);
    });

    storeTest("a shorter file replaces a longer one whole", async (store) => {
      await store.put(key, inChunks(randomBytes(megabyte)));
      await store.put(key, inChunks(Buffer.from("short")));
      assert.equal(String(await contentOf(store)), "short");
    });

    storeTest("the longest key is a key, and keys do not disturb each other", async (store) => {
      assert.equal(longestKey.length, 512);
      for (const each of [key, longestKey, "a..b/...", `${key}.txt`]) await store.put(each, inChunks(each));
      await store.delete(`${key}.txt`);
      for (const each of [key, longestKey, "a..b/..."])
        assert.equal(String(await contentOf(store, each)), each);
    });

    storeTest("a key that is not there is missing, and the message does not tell it", async (store) => {
      await assert.rejects(store.open(key), { code: "file_missing", message: withoutKey });
      await assert.rejects(store.size(key), { code: "file_missing", message: withoutKey });
      await store.put(key, inChunks("x"));
      for (const each of ["owner-1", "owner-1/document_2", `${key}/below`, "owner-1/document_2/original"]) {
        await assert.rejects(store.open(each), { code: "file_missing" });
        await assert.rejects(store.size(each), { code: "file_missing" });
        await store.delete(each);
      }
      assert.equal(String(await contentOf(store)), "x");
    });

    storeTest("what is deleted is gone, and may be deleted again and stored again", async (store) => {
      await store.delete(key);
      await store.put(key, inChunks("first"));
      await store.delete(key);
      await store.delete(key);
      await assert.rejects(store.open(key), { code: "file_missing" });
      await store.put(key, inChunks("second"));
      assert.equal(String(await contentOf(store)), "second");
    });

    for (const before of [undefined, "old content"]) {
      const kept = before === undefined ? "nothing is stored" : "the old content stays";
      const prepared = async (store: FileStore) => {
        if (before !== undefined) await store.put(key, inChunks(before));
      };
      const assertKept = async (store: FileStore) => {
        if (before === undefined) await assert.rejects(store.open(key), { code: "file_missing" });
        else assert.equal(String(await contentOf(store)), before);
      };

      storeTest(`of more than maxBytes ${kept}, and the source is closed`, async (store) => {
        await prepared(store);
        let closed = false;
        const source = async function* () {
          try {
            while (true) yield randomBytes(1001);
          } finally {
            closed = true;
          }
        };
        const limits = { maxBytes: megabyte };
        const refusal = { code: "file_too_large", message: /1 MB limit/ };
        await assert.rejects(store.put(key, source(), limits), refusal);
        assert.ok(closed);
        const oneTooMany = inChunks(randomBytes(megabyte + 1));
        await assert.rejects(store.put(key, oneTooMany, limits), refusal);
        await assertKept(store);
        await store.put(key, inChunks(randomBytes(megabyte)), limits);
        assert.equal((await contentOf(store)).length, megabyte);
      });

      storeTest(`if the source fails ${kept}, and its error comes through as it is`, async (store) => {
        await prepared(store);
        for (const failure of [Object.assign(new Error("reset"), { code: "ENOENT" }), "not even an error"]) {
          const source = async function* () {
            yield randomBytes(100_003);
            throw failure;
          };
          await assert.rejects(store.put(key, source()), (error) => error === failure);
        }
        await assertKept(store);
      });

      storeTest(`if it is aborted ${kept}, also while the source is silent`, async (store) => {
        await prepared(store);
        const reason = new Error("the client went away");
        const aborted = (error: unknown) => error === reason;
        const signal = AbortSignal.abort(reason);
        await assert.rejects(store.put(key, inChunks("new"), { signal }), aborted);
        const silence = new Promise<void>(() => {});
        for (const ending of [silence, undefined]) {
          const controller = new AbortController();
          const source = async function* () {
            yield randomBytes(100_003);
            controller.abort(reason);
            await ending;
          };
          await assert.rejects(store.put(key, source(), { signal: controller.signal }), aborted);
        }
        await assertKept(store);
        await store.put(key, inChunks("in time"), { signal: new AbortController().signal });
        assert.equal(String(await contentOf(store)), "in time");
      });
    }

    storeTest("an invalid key is refused, and the message does not tell it", async (store) => {
      for (const invalid of [...invalidKeys, `../${key}`]) {
        const refusal = { code: "invalid_storage_key", message: withoutKey };
        await assert.rejects(store.put(invalid, inChunks("x")), refusal);
        await assert.rejects(store.open(invalid), refusal);
        await assert.rejects(store.size(invalid), refusal);
        await assert.rejects(store.delete(invalid), refusal);
      }
    });

    storeTest("of two puts at once one wins, whole", async (store) => {
      const contents = [Buffer.alloc(megabyte, "a"), Buffer.alloc(megabyte + 1, "b")];
      const stored = await Promise.all(contents.map((bytes) => store.put(key, inChunks(bytes))));
      assert.deepEqual(stored, contents.map(sumsOf));
      const winner = sumsOf(await contentOf(store));
      assert.ok(stored.some(({ sha256 }) => sha256 === winner.sha256));
    });

    storeTest("puts and deletes in one folder do not disturb each other", async (store) => {
      const putAndDelete = async (name: number) => {
        for (let round = 0; round < 10; round++) {
          const own = `shared/folder/${name}`;
          await store.put(own, inChunks(`${name} ${round}`));
          assert.equal(String(await contentOf(store, own)), `${name} ${round}`);
          await store.delete(own);
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_, name) => putAndDelete(name)));
    });

    for (const change of ["overwritten", "deleted"] as const) {
      storeTest(
        `who reads a file while it is ${change} gets the old content whole or none`,
        async (store) => {
          const old = randomBytes(5 * megabyte);
          await store.put(key, inChunks(old));
          const reader = await store.open(key);
          await once(reader, "readable");
          if (change === "deleted") await store.delete(key);
          else await store.put(key, inChunks(randomBytes(5 * megabyte)));
          const read = await reader.toArray().catch((error) => assert.equal(error.code, "file_missing"));
          if (read) assert.deepEqual(Buffer.concat(read), old);
        },
      );
    }

    storeTest("a range is those bytes, of which beyond the end there are none", async (store) => {
      const bytes = randomBytes(megabyte);
      await store.put(key, inChunks(bytes));
      const ranges = [
        ...[
          [0, 0],
          [0, megabyte - 1],
          [300_000, 799_999],
          [megabyte - 1, megabyte - 1],
        ],
        ...[
          [999_000, megabyte],
          [1, Number.MAX_SAFE_INTEGER],
          [megabyte, megabyte],
          [2 * megabyte, 3 * megabyte],
        ],
      ] as [number, number][];
      for (const [start, end] of ranges) {
        const read = Buffer.concat(await (await store.open(key, { start, end })).toArray());
        assert.deepEqual(read, bytes.subarray(start, end + 1), `${start} to ${end}`);
      }
      await store.put(key, inChunks(""));
      assert.deepEqual(await (await store.open(key, { start: 0, end: 9 })).toArray(), []);
    });

    storeTest("what is no range is refused, and a range of nothing is missing", async (store) => {
      await store.put(key, inChunks("content"));
      for (const [start, end] of [
        [2, 1],
        [-1, 3],
        [0.5, 3],
        [0, Number.POSITIVE_INFINITY],
        [Number.NaN, 1],
      ] as const)
        await assert.rejects(store.open(key, { start, end }), RangeError);
      await assert.rejects(store.open(`${key}.txt`, { start: 0, end: 1 }), { code: "file_missing" });
    });

    storeTest("a range of a file that is overwritten is of the old content or none", async (store) => {
      const old = randomBytes(5 * megabyte);
      await store.put(key, inChunks(old));
      const reader = await store.open(key, { start: megabyte, end: 4 * megabyte });
      await once(reader, "readable");
      await store.put(key, inChunks(randomBytes(5 * megabyte)));
      const read = await reader.toArray().catch((error) => assert.equal(error.code, "file_missing"));
      if (read) assert.deepEqual(Buffer.concat(read), old.subarray(megabyte, 4 * megabyte + 1));
    });

    storeTest("a reader may leave before the end", async (store) => {
      await store.put(key, inChunks(randomBytes(megabyte)));
      const unread = await store.open(key);
      await once(unread.destroy(), "close");
      for await (const chunk of await store.open(key)) {
        assert.ok(chunk.length > 0);
        break;
      }
      assert.equal((await contentOf(store)).length, megabyte);
    });
  });
}

/** Nothing of what the keys of these tests are made of. */
const withoutKey = /^(?!.*(owner-1|document_2|original))/s;

async function* inChunks(content: Uint8Array | string, chunkBytes = 9973): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; start += chunkBytes)
    yield bytes.subarray(start, start + chunkBytes);
}

async function contentOf(store: FileStore, of = key): Promise<Buffer> {
  return Buffer.concat(await (await store.open(of)).toArray());
}

function sumsOf(bytes: Uint8Array): { sizeBytes: number; sha256: string } {
  return { sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
