import { contentTypes, type DocumentFormat, documentFormats, formatOf } from "@quire/core";
import { sniffBytes, sniffFormat } from "@quire/engine";
import type { FileStore, OriginalFile } from "@quire/store";
import { create as contentDisposition } from "content-disposition";
import { fileEndings } from "../api/fileEndings.ts";
import { strangersPolicy } from "../http/securityHeaders.ts";
import { sendFile } from "../http/sendFile.ts";
import { flag } from "./parameters.ts";
import { route } from "./route.ts";

export const inline = {
  inline: flag("To be shown in the browser instead of saved, where browsers show such files."),
};
export const rangeHeaders = {
  Range: "One range of bytes.",
  "If-Range": "The ETag of the file of which a part is there already.",
};
/** All formats but TIFF, which browsers do not show. */
const shown: readonly DocumentFormat[] = documentFormats.filter((format) => format !== "tiff");
export const disposition = { "Content-Disposition": "A name to save it under." };

export const getOriginal = route({
  method: "get",
  path: "/api/documents/{id}/original",
  name: "getOriginal",
  audit: "downloaded",
  summary: "The file as it was sent.",
  query: inline,
  headers: rangeHeaders,
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
      open: (range) => services.files.open(original.key, range),
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

/** Of a file that no worker has opened yet. */
async function sniffedFormat({ key }: OriginalFile, files: FileStore): Promise<DocumentFormat> {
  const head = await files.open(key, { start: 0, end: sniffBytes - 1 });
  return sniffFormat(Buffer.concat(await head.toArray()));
}

/** A name that says what is in the file, whatever it was called. */
export function withEnding(name: string, [given, ...others]: readonly [string, ...string[]]): string {
  const isThere = [given, ...others].some((ending) => name.toLowerCase().endsWith(`.${ending}`));
  return isThere ? name : `${name}.${given}`;
}
