import { Readable } from "node:stream";
import { contentTypes, type DocumentFormat, documentFormats, QuireError } from "@quire/core";
import { sniffBytes, sniffFormat } from "@quire/engine";
import { formatters, outputExtensions } from "@quire/outputs";
import type { DocumentSummary, FileStore, OriginalFile } from "@quire/store";
import { create as contentDisposition } from "content-disposition";
import { fileEndings } from "../api/fileEndings.ts";
import { isActive } from "../events/isActive.ts";
import { strangersPolicy } from "../http/securityHeaders.ts";
import { sendFile } from "../http/sendFile.ts";
import { sendStream } from "../http/sendStream.ts";
import { flag } from "./parameters.ts";
import { type Call, route } from "./route.ts";

const inline = {
  inline: flag("To be shown in the browser instead of saved, where browsers show such files."),
};
/** All formats but TIFF, which browsers do not show. */
const shown: readonly DocumentFormat[] = documentFormats.filter((format) => format !== "tiff");
const disposition = { "Content-Disposition": "A name to save it under." };

export const getText = route({
  method: "get",
  path: "/api/documents/{id}/text",
  name: "getText",
  audit: "downloaded",
  summary: "The text of all pages that have been read, a form feed between two pages.",
  query: inline,
  answers: { 200: { description: "The text.", types: ["text/plain"], headers: disposition } },
  refusals: ["document_not_found", "document_erased", "document_busy", "page_not_found"],
  handle: (call) => sendPages(call, "text", "text/plain; charset=utf-8", call.query.inline),
});

export const getJson = route({
  method: "get",
  path: "/api/documents/{id}/json",
  name: "getJson",
  audit: "downloaded",
  summary: "All pages that have been read, with their text and words.",
  answers: {
    200: {
      description: "The document's facts and its pages.",
      types: ["application/json"],
      headers: disposition,
    },
  },
  refusals: ["document_not_found", "document_erased", "document_busy", "page_not_found"],
  handle: (call) => sendPages(call, "json", "application/json", false),
});

export const getOriginal = route({
  method: "get",
  path: "/api/documents/{id}/original",
  name: "getOriginal",
  audit: "downloaded",
  summary: "The file as it was sent.",
  query: inline,
  headers: {
    Range: "One range of bytes.",
    "If-Range": "The ETag of the file of which a part is there already.",
  },
  answers: {
    200: { description: "The file.", types: Object.values(contentTypes), headers: disposition },
    206: {
      description: "The part of it that was asked for.",
      types: Object.values(contentTypes),
      headers: disposition,
    },
  },
  refusals: [
    "document_not_found",
    "document_erased",
    "original_erased",
    "file_missing",
    "range_not_satisfiable",
  ],
  async handle({ documents, id, query, request, response, services }) {
    const original = await documents.original(id);
    const format = formatOf(original.contentType) ?? (await sniffedFormat(original, services.files));
    const name = withEnding(original.filename, fileEndings[format]);
    const type = query.inline && shown.includes(format) ? "inline" : "attachment";
    await sendFile(request, response, {
      files: services.files,
      key: original.key,
      sizeBytes: original.sizeBytes,
      etag: `"${original.sha256 ?? id}"`,
      headers: {
        "Content-Type": contentTypes[format],
        "Content-Disposition": contentDisposition(name, { type }),
        "Content-Security-Policy": strangersPolicy,
      },
    });
  },
});

/** Page by page, as fast as the client reads. */
async function sendPages(
  { documents, id, request, response }: Call<unknown>,
  format: "text" | "json",
  type: string,
  isInline: boolean,
): Promise<void> {
  const summary = await documents.get(id);
  const facts = { ...factsOf(summary), conservative: false };
  const name = withEnding(summary.filename.replace(/\.[^.]{1,10}$/, ""), [outputExtensions[format]]);
  response.set({
    "Content-Type": type,
    "Content-Disposition": contentDisposition(name, { type: isInline ? "inline" : "attachment" }),
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const pages = formatters[format]({ name: summary.filename, facts }, documents.pages(id));
  // What goes wrong before there is anything to send is answered; after that, it breaks off.
  const first = await pages.next();
  await sendStream(Readable.from(continued(first, pages)), response);
}

async function* continued(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string, void, void> {
  if (first.done) return;
  if (first.value !== "") yield first.value;
  yield* rest;
}

/** @throws QuireError `document_busy`, `page_not_found` while nothing of it has been read */
function factsOf(summary: DocumentSummary) {
  const { contentType, pageCount, pagesDone, sizeBytes, errorMessage } = summary;
  const format = formatOf(contentType);
  if (format) return { format, pageCount: pageCount ?? pagesDone, sizeBytes };
  if (isActive(summary))
    throw new QuireError(
      "document_busy",
      "No page of the document has been read yet. Wait for the first one.",
    );
  throw new QuireError(
    "page_not_found",
    `No page of the document could be read. ${errorMessage ?? ""}`.trim(),
  );
}

function formatOf(contentType: string | null): DocumentFormat | undefined {
  return documentFormats.find((format) => contentTypes[format] === contentType);
}

/** Of a file that no worker has opened yet. */
async function sniffedFormat({ key }: OriginalFile, files: FileStore): Promise<DocumentFormat> {
  const head = await files.open(key, { start: 0, end: sniffBytes - 1 });
  return sniffFormat(Buffer.concat(await head.toArray()));
}

/** A name that says what is in the file, whatever it was called. */
function withEnding(name: string, [given, ...others]: readonly [string, ...string[]]): string {
  const isThere = [given, ...others].some((ending) => name.toLowerCase().endsWith(`.${ending}`));
  return isThere ? name : `${name}.${given}`;
}
