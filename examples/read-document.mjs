/**
 * Has a document read by nothing but supabase-js: an application that knows nothing of Quire's API.
 *
 *   SUPABASE_URL=… SUPABASE_ANON_KEY=… EMAIL=… PASSWORD=… node examples/read-document.mjs letter.pdf
 *
 * Prints each page's text. docs/integrate.md explains it step by step.
 */
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { createClient } from "@supabase/supabase-js";

const bucket = process.env.SUPABASE_BUCKET ?? "documents";
const lookEveryMs = 2_000;
const atEnd = ["completed", "partial", "failed", "cancelled"];

const { SUPABASE_URL, SUPABASE_ANON_KEY, EMAIL, PASSWORD } = process.env;
const [path] = process.argv.slice(2);
const supabase = createClient(SUPABASE_URL, SUPABASE_ANON_KEY, { auth: { persistSession: false } });

const { user } = told(await supabase.auth.signInWithPassword({ email: EMAIL, password: PASSWORD }));
const document = await add(path);
const { status, error_code, error_message } = await untilRead(document);
console.error(`${document}: ${status}${error_code ? `, ${error_code}: ${error_message}` : ""}`);
for (const { page_number, text } of await readTexts(document))
  console.log(`--- page ${page_number}\n${text}`);
await supabase.auth.signOut();
// A channel that was never joined would be tried again for a while.
process.exit(status === "completed" ? 0 : 1);

/** Stores the file in its owner's folder and adds the row that says so. @returns the document's id */
async function add(path) {
  const id = randomUUID();
  const storage_key = `${user.id}/${id}/original`;
  const { size } = await stat(path);
  // As a stream: no file is in memory as a whole. What it is, Quire tells by its first bytes.
  const options = { contentType: "application/octet-stream", duplex: "half" };
  told(await supabase.storage.from(bucket).upload(storage_key, createReadStream(path), options));
  const row = { id, filename: basename(path), storage_key, size_bytes: size };
  told(await supabase.from("documents").insert(row));
  return id;
}

/** Waits until the document is at its end: told by Realtime, and looking now and then, for a message may be missed. */
async function untilRead(id) {
  const changes = { event: "UPDATE", schema: "public", table: "documents", filter: `id=eq.${id}` };
  let wake = () => {};
  supabase
    .channel(id)
    .on("postgres_changes", changes, () => wake())
    .subscribe();
  for (;;) {
    const changed = new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, lookEveryMs);
    });
    const columns = "status, page_count, pages_done, error_code, error_message";
    const seen = told(await supabase.from("documents").select(columns).eq("id", id).single());
    if (atEnd.includes(seen.status)) return seen;
    console.error(`${seen.status}: ${seen.pages_done} of ${seen.page_count ?? "?"} pages`);
    await changed;
  }
}

/** The text of each page, in order. Where `words` is asked for too, it has each word's box. */
async function readTexts(id) {
  const pages = supabase.from("page_contents").select("page_number, text").eq("document_id", id);
  return told(await pages.order("page_number"));
}

/** What was asked for; an error of any of the services is thrown. */
function told({ data, error }) {
  if (error) throw error;
  return data;
}
