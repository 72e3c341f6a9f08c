import { Readable } from "node:stream";
import { contentTypes, type DocumentFacts, formatOf, QuireError } from "@quire/core";
import { type FileFormat, fileExtensions, makeOutput } from "@quire/outputs";
import type { DocumentSummary } from "@quire/store";
import { create as contentDisposition } from "content-disposition";
import { isActive } from "../events/isActive.ts";
import { strangersPolicy } from "../http/securityHeaders.ts";
import { sendFile } from "../http/sendFile.ts";
import { sendStream } from "../http/sendStream.ts";
import { disposition, inline, rangeHeaders, withEnding } from "./downloads.ts";
import { oneOf } from "./parameters.ts";
import { type Call, type Route, route } from "./route.ts";

/** What the API says of a format. */
interface Offered {
  readonly summary: string;
  readonly type: string;
  /** Whether browsers show it, so that it may be asked for so. */
  readonly isShown: boolean;
}

const offered: Readonly<Record<FileFormat, Offered>> = {
  text: {
    summary: "The text of all pages that have been read, a form feed between two pages.",
    type: "text/plain; charset=utf-8",
    isShown: true,
  },
  json: {
    summary: "All pages that have been read, with their text and words.",
    type: "application/json",
    isShown: false,
  },
  ndjson: {
    summary: "All pages with their text and words, one JSON object a line.",
    type: "application/x-ndjson",
    isShown: false,
  },
  hocr: {
    summary: "All pages as hOCR: HTML that says where each word stands.",
    type: "text/html; charset=utf-8",
    isShown: false,
  },
  alto: { summary: "All pages as ALTO 4, as archives keep it.", type: "application/xml", isShown: false },
  pdf: {
    summary:
      "The document as a PDF that can be searched: its pages as they were sent, and what was read on them.",
    type: contentTypes.pdf,
    isShown: true,
  },
};
const marks = {
  mark: oneOf("uncertain: mark the words that a person should check.", ["uncertain"] as const),
};
/** Those of which what has been read so far can be had, while the document is being read. */
const comeAsRead: readonly FileFormat[] = ["text", "json"];
const ofPdfs = [
  ...(["pdf_signed", "pdf_encrypted", "pdf_unwritable", "pdf_maker_failed"] as const),
  ...(["original_erased", "file_missing", "file_changed", "temp_dir_unavailable"] as const),
] as const;

/** A client that hears nothing for a minute is cut off; so it is told before that to come again. */
const waitMs = 45_000;

/** A document in each of the formats, at `/api/documents/{id}/FORMAT`. */
export const outputRoutes: readonly Route[] = (Object.keys(offered) as FileFormat[]).map((format) => {
  const { summary, type, isShown } = offered[format];
  const types = [type.replace(/;.*/, "")];
  return route({
    method: "get",
    path: `/api/documents/{id}/${format}`,
    name: `get${format.charAt(0).toUpperCase()}${format.slice(1)}`,
    audit: "downloaded",
    summary: comesAsRead(format) ? `${summary} While the document is being read, without ranges.` : summary,
    query: { ...(isShown && inline), ...(format === "text" && marks) },
    headers: rangeHeaders,
    answers: {
      200: { description: "The file.", types, headers: disposition },
      206: { description: "The part of it that was asked for.", types, headers: disposition },
    },
    refusals: [
      ...(["document_not_found", "document_erased", "document_busy", "page_not_found"] as const),
      ...(["range_not_satisfiable", "output_busy", "output_timeout"] as const),
      ...(["storage_unavailable", "file_too_large"] as const),
      ...(format === "pdf" ? ofPdfs : []),
    ],
    handle: (call) => answerOutput(call, format),
  });
});

async function answerOutput(
  call: Call<{ inline?: boolean; mark?: "uncertain" | undefined }>,
  format: FileFormat,
): Promise<void> {
  const { documents, id, query, request, response, services } = call;
  const summary = await documents.get(id);
  const facts = factsOf(summary);
  const headers = headersOf(summary.filename, format, query.inline ?? false);
  const standing = await documents.output(id, format);
  const markUncertain = query.mark === "uncertain";
  // Files are kept without marks.
  const isKept = standing.isSettled && standing.claim !== null && !markUncertain;
  if (comesAsRead(format) && !isKept) {
    response.set(headers);
    await sendPages(
      call,
      { format, name: summary.filename, facts },
      { markUncertain, tempDir: services.config.tempDir },
    );
    return;
  }
  const output = await services.outputs.get({ standing, name: summary.filename, facts }, waitMs);
  await sendFile(request, response, {
    open: (range) => output.open(range),
    sizeBytes: output.sizeBytes,
    etag: `"${output.sha256}"`,
    headers,
  });
}

/** Page by page, as fast as the client reads. */
async function sendPages(
  { documents, id, request, response }: Call<unknown>,
  document: { readonly format: "text" | "json"; readonly name: string; readonly facts: DocumentFacts },
  options: { readonly markUncertain: boolean; readonly tempDir: string | null },
): Promise<void> {
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const pages = makeOutput({ ...document, pages: documents.pages(id), originalPath: null }, options);
  // What goes wrong before there is anything to send is answered; after that, it breaks off.
  const first = await pages.next();
  await sendStream(Readable.from(continued(first, pages)), response);
}

async function* continued(
  first: IteratorResult<Uint8Array, void>,
  rest: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void, void> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

function comesAsRead(format: FileFormat): format is "text" | "json" {
  return comeAsRead.includes(format);
}

function headersOf(filename: string, format: FileFormat, isInline: boolean): Record<string, string> {
  const name = withEnding(filename.replace(/\.[^.]{1,10}$/, ""), [fileExtensions[format]]);
  return {
    "Content-Type": offered[format].type,
    "Content-Disposition": contentDisposition(name, { type: isInline ? "inline" : "attachment" }),
    "Content-Security-Policy": strangersPolicy,
  };
}

/** @throws QuireError `document_busy`, `page_not_found` while nothing of it has been read */
function factsOf(summary: DocumentSummary): DocumentFacts {
  const { contentType, pageCount, pagesDone, sizeBytes, errorMessage } = summary;
  const format = formatOf(contentType);
  if (format) return { format, pageCount: pageCount ?? pagesDone, sizeBytes, conservative: false };
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
