import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, type TestContext, test } from "node:test";
import { OwnedDocuments } from "../documents/ownedDocuments.ts";
import { DiskFileStore } from "../files/diskFileStore.ts";
import type { FileStore } from "../files/fileStore.ts";
import { originalKey } from "../files/originalKey.ts";
import { type OutputOf, outputKey } from "../files/outputKey.ts";
import { deleteDueFiles } from "../keeping/deleteFiles.ts";
import { eraseOriginals } from "../keeping/retention.ts";
import { claimed, owner, page, Store, sha256 } from "../testing/fixtures.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";
import { KeptOutputs, type KeptOutputsOptions, type OutputToMake } from "./keptOutputs.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const ann = owner("a");
type Format = "text" | "pdf";
const facts = { format: "pdf", pageCount: 2, sizeBytes: 8, conservative: false } as const;

/** What there is of the original, and a line for each page. */
async function* make({ originalPath, pages }: OutputToMake<Format>) {
  if (originalPath !== null) yield readFileSync(originalPath);
  for await (const each of pages) yield Buffer.from(`${each.text}\n`);
}

/** Halts the making until it is let go. */
class Gate {
  readonly #reached = Promise.withResolvers<void>();
  readonly #open = Promise.withResolvers<void>();
  made = 0;

  readonly make = async function* (this: Gate, output: OutputToMake<Format>) {
    this.made++;
    this.#reached.resolve();
    await this.#open.promise;
    yield* make(output);
  }.bind(this);

  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  open(): void {
    this.#open.resolve();
  }
}

async function open(t: TestContext) {
  const store = await Store.open(t, cluster);
  const root = mkdtempSync(join(tmpdir(), "quire-outputs-"));
  t.after(() => rmSync(root, { recursive: true }));
  const files = new DiskFileStore(join(root, "files"));
  const queue = await store.queue();
  const documents = new OwnedDocuments(store.database, ann);
  return {
    ...{ store, root, files, documents, queue },
    /** Adds a document of two pages, and reads so many of them. */
    async read(pages = 2, outcome: "recognized" | "failed" = "recognized") {
      const id = crypto.randomUUID();
      await files.put(
        originalKey(ann, id),
        (async function* () {
          yield Buffer.from("original");
        })(),
      );
      await store.add({
        id,
        ownerId: ann,
        storageKey: originalKey(ann, id),
        sizeBytes: 8,
        sha256: sha256("original"),
        force: true,
      });
      const claim = await claimed(queue);
      await claim.describe({ pageCount: 2, contentType: "application/pdf", sha256: sha256("original") });
      for (let number = 1; number <= pages; number++)
        await claim.savePage(page(number, number === 2 ? { outcome } : {}));
      if (pages === 2) await claim.finish(1);
      return id;
    },
    outputs(options: Partial<KeptOutputsOptions<Format>> = {}) {
      const usual = { database: store.database, files, make, tempDir: root, maxFileBytes: 1000 };
      const outputs = new KeptOutputs<Format>({ ...usual, ...options });
      t.after(() => outputs.close());
      return outputs;
    },
    async wanted(id: string, format: Format) {
      return { standing: await documents.output(id, format), name: "letter.pdf", facts };
    },
    rows: () =>
      store.rows("select run, claim, format, storage_key as key from outputs order by run, claim, format"),
    noted: () => store.value<number>("select count(*)::int from quire.files_to_delete"),
    /** The time that was noted ahead is over. */
    async late() {
      await store.rows("update quire.files_to_delete set due_at = now() where attempts = 0");
      return deleteDueFiles(store.database, files);
    },
    keyOf: (id: string, of: Partial<OutputOf> = {}) =>
      outputKey({ ownerId: ann, documentId: id, run: 1, claim: 1, format: "text", ...of }),
  };
}

const contentOf = async (output: { open(): Promise<AsyncIterable<Uint8Array>> }) =>
  text((await output.open()) as never);

test("an output is made once, kept where its key says, and opened in parts", async (t) => {
  const { outputs, wanted, read, rows, files, keyOf, late } = await open(t);
  const id = await read();
  const kept = outputs();
  const first = await kept.get(await wanted(id, "text"));
  assert.equal(await contentOf(first), "Page 1\nPage 2\n");
  assert.deepEqual(await rows(), [{ run: 1, claim: 1, format: "text", key: keyOf(id) }]);
  const standing = await wanted(id, "text");
  assert.deepEqual(standing.standing.kept, { sizeBytes: 14, sha256: sha256("Page 1\nPage 2\n") });
  const never = outputs({ make: () => assert.fail("it is there") });
  const part = await (await never.get(standing)).open({ start: 5, end: 8 });
  assert.equal(await text(part), "1\nPa");
  assert.equal(await late(), 0, "what is kept is not deleted when the time that was noted ahead is over");
  assert.equal(await files.size(keyOf(id)), 14);
});

test("what is asked for twice at once is made once; of the others one at a time, and not more than may wait", async (t) => {
  const { outputs, wanted, read, rows } = await open(t);
  const ids = [await read(), await read()] as const;
  const gate = new Gate();
  const kept = outputs({ make: gate.make });
  const asked = [kept.get(await wanted(ids[0], "text")), kept.get(await wanted(ids[0], "text"))];
  await gate.reached;
  const other = kept.get(await wanted(ids[1], "text"));
  await assert.rejects(kept.get(await wanted(ids[0], "text"), 1), { code: "output_busy", retryable: true });
  const { standing, ...document } = await wanted(ids[1], "text");
  const many = Array.from({ length: 19 }, (_, index) =>
    kept.get({ ...document, standing: { ...standing, claim: index + 100 } }),
  );
  await assert.rejects(kept.get({ ...document, standing: { ...standing, claim: 99 } }), {
    code: "output_busy",
  });
  assert.equal(gate.made, 1);
  gate.open();
  assert.equal(await contentOf((await Promise.all(asked))[1] as never), "Page 1\nPage 2\n");
  await other;
  // Of claims that no page has.
  for (const { status, reason } of (await Promise.allSettled(many)) as PromiseRejectedResult[])
    assert.deepEqual([status, reason.code], ["rejected", "document_busy"]);
  assert.equal((await rows()).length, 2);
});

test("a making whose client is gone goes on to its end; one that takes too long is ended, and leaves nothing", async (t) => {
  const { outputs, wanted, read, rows, files, keyOf, noted } = await open(t);
  const id = await read();
  const endless = outputs({
    makeWithinMs: 50,
    async *make({ signal }) {
      yield Buffer.from("half");
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  await assert.rejects(endless.get(await wanted(id, "text")), { code: "output_timeout" });
  assert.deepEqual([await rows(), await noted()], [[], 0]);
  const gate = new Gate();
  const kept = outputs({ make: gate.make });
  await assert.rejects(kept.get(await wanted(id, "text"), 1), { code: "output_busy" });
  gate.open();
  await kept.get(await wanted(id, "text"));
  assert.equal(gate.made, 1);
  assert.equal(await files.size(keyOf(id)), 14);
});

test("nothing is kept of a document that is erased or changes while it is made; a file that a crash left is deleted", async (t) => {
  const { outputs, wanted, read, rows, files, store, documents, keyOf, noted, late } = await open(t);
  const [erased, again, crashed] = [await read(), await read(2, "failed"), await read()] as const;
  for (const [id, meanwhile, code] of [
    [erased, () => documents.erase(erased), "document_busy"],
    [
      again,
      async () => {
        // Its failed page is gone, and nothing has read it: the same run and claim, and not the same pages.
        await documents.redrive(again);
        await documents.cancel(again);
      },
      "document_busy",
    ],
  ] as const) {
    const gate = new Gate();
    const making = outputs({ make: gate.make }).get(await wanted(id, "text"));
    await gate.reached;
    await meanwhile();
    gate.open();
    await assert.rejects(making, (error: { code: string }) =>
      [code, "document_not_found"].includes(error.code),
    );
    await assert.rejects(files.size(keyOf(id)), { code: "file_missing" });
  }
  assert.deepEqual(await rows(), []);
  await store.rows("delete from quire.files_to_delete");

  // As where the process dies between storing the file and saying so.
  const dying = {
    ...files,
    put: files.put.bind(files),
    delete: () => assert.fail("dead"),
  } as unknown as FileStore;
  const database = Object.assign(Object.create(store.database), {
    query: (statement: string, values: unknown[]) =>
      /keep_output|outputs o where/.test(statement)
        ? Promise.reject(new Error("dead"))
        : store.database.query(statement, values),
  });
  await assert.rejects(outputs({ files: dying, database }).get(await wanted(crashed, "text")), {
    message: "dead",
  });
  assert.equal(await files.size(keyOf(crashed)), 14);
  assert.equal(await noted(), 1);
  assert.equal(await deleteDueFiles(store.database, files), 0, "it may still be made");
  assert.equal(await late(), 1);
  await assert.rejects(files.size(keyOf(crashed)), { code: "file_missing" });
});

test("an output whose file was lost is made again; what cannot be made is refused", async (t) => {
  const { outputs, wanted, read, rows, files, store, keyOf } = await open(t);
  const id = await read();
  const kept = outputs();
  await kept.get(await wanted(id, "text"));
  await files.delete(keyOf(id));
  assert.equal(await contentOf(await kept.get(await wanted(id, "text"))), "Page 1\nPage 2\n");
  assert.equal((await rows()).length, 1);

  await store.documents.reprocess(id);
  assert.equal((await wanted(id, "text")).standing.isSettled, true, "the visible run stays as it is");
  await kept.get(await wanted(id, "text"));
  const waiting = await store.add({ ownerId: ann });
  await assert.rejects(async () => kept.get(await wanted(waiting, "text")), { code: "document_busy" });
  await store.documents.cancel(waiting);
  await assert.rejects(async () => kept.get(await wanted(waiting, "text")), { code: "page_not_found" });
  await assert.rejects(wanted(crypto.randomUUID(), "text"), { code: "document_not_found" });
});

test("outputs go with the run that is replaced, where reading goes on, and a PDF with its original", async (t) => {
  const { outputs, wanted, read, rows, files, store, queue, keyOf } = await open(t);
  const kept = outputs();
  const [anew, more, old] = [await read(), await read(2, "failed"), await read()] as const;
  for (const id of [anew, more, old])
    for (const format of ["text", "pdf"] as const) await kept.get(await wanted(id, format));
  assert.equal(await contentOf(await kept.get(await wanted(old, "pdf"))), "originalPage 1\nPage 2\n");
  await store.rows("delete from quire.files_to_delete");

  await store.documents.redrive(more);
  assert.equal((await rows()).length, 4);
  const next = await claimed(queue);
  await next.savePage(page(2));
  await next.finish(0.5);
  const { standing } = await wanted(more, "text");
  assert.deepEqual([standing.claim, standing.kept], [2, null]);
  await store.documents.reprocess(anew);
  const run = await claimed(queue);
  for (const number of [1, 2]) await run.savePage(page(number, { text: "anew" }));
  assert.equal((await rows()).length, 4, "until the new run takes its place");
  await run.finish(0.5);
  assert.equal((await rows()).length, 2);
  assert.equal(await contentOf(await kept.get(await wanted(anew, "text"))), "anew\nanew\n");

  await store.rows("update documents set finished_at = now() - interval '9 days' where id = $1", old);
  assert.equal(await eraseOriginals(store.database, 8, () => true), 1);
  assert.deepEqual(
    (await rows()).map(({ key }) => key),
    [keyOf(old), keyOf(anew, { run: 2, claim: 2 })],
  );
  await assert.rejects(async () => kept.get(await wanted(old, "pdf")), { code: "original_erased" });
  await kept.get(await wanted(old, "text"));
  assert.equal(await deleteDueFiles(store.database, files), 6, "four of runs, the PDF and its original");
  for (const key of [keyOf(old, { format: "pdf" }), keyOf(more), keyOf(anew), originalKey(ann, old)])
    await assert.rejects(files.size(key), { code: "file_missing" });
});

test("where the original lies on no disk of this machine, a copy is made of it, and removed whatever happens", async (t) => {
  const { outputs, wanted, read, files, root } = await open(t);
  const id = await read();
  const copies = () => readdirSync(root).filter((name) => name.startsWith("quire-original-"));
  const stale = join(root, "quire-original-left-by-a-crash");
  writeFileSync(stale, "");
  utimesSync(stale, 0, 0);
  const elsewhere: FileStore = {
    put: files.put.bind(files),
    open: files.open.bind(files),
    size: files.size.bind(files),
    delete: files.delete.bind(files),
  };
  let seen: string[] = [];
  const failing = outputs({
    files: elsewhere,
    // biome-ignore lint/correctness/useYield: it fails before
    async *make({ originalPath }) {
      assert.equal(readFileSync(`${originalPath}`, "utf8"), "original");
      seen = copies();
      throw new Error("no PDF");
    },
  });
  await assert.rejects(failing.get(await wanted(id, "pdf")), { message: "no PDF" });
  assert.equal(seen.length, 1);
  assert.ok(!existsSync(stale));
  assert.deepEqual(copies(), []);
  const made = await outputs({ files: elsewhere }).get(await wanted(id, "pdf"));
  assert.equal(await contentOf(made), "originalPage 1\nPage 2\n");
  assert.deepEqual(copies(), []);
  const { standing, ...document } = await wanted(id, "pdf");
  const another = { ...standing, kept: null, original: { ...standing.original, sha256: sha256("another") } };
  await assert.rejects(outputs({ files: elsewhere }).get({ ...document, standing: another }), {
    code: "file_changed",
  });
  assert.deepEqual(copies(), []);
});

test("the key is written here as it is in the database", async (t) => {
  const { store } = await open(t);
  const of = { ownerId: ann, documentId: owner("d"), run: 3, claim: 14, format: "hocr" };
  const ofDatabase = await store.value("select quire.output_key($1, $2, $3, $4, $5)", ...Object.values(of));
  assert.equal(ofDatabase, outputKey(of));
  assert.equal(outputKey(of), `${ann}/${owner("d")}/run-3/claim-14/output.hocr`);
});
