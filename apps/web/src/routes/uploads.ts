import type { ErrorCode } from "@quire/core";
import { uploadsPath } from "../uploads/resumableUploads.ts";
import { type Call, type Route, route } from "./route.ts";

const version = { "Tus-Resumable": "1.0.0." };
const offset = { "Upload-Offset": "Bytes that are there." };
const outcome = {
  "Quire-Document":
    "Once it is complete: the document. It is another than the upload's own id where the same content was there.",
  "Quire-Document-New": "Once it is complete: whether the document is new.",
};
const ofUpload = `${uploadsPath}/{id}`;
const always: readonly ErrorCode[] = ["unsupported_upload_protocol", "storage_unavailable"];
const atItsEnd: readonly ErrorCode[] = [
  ...(["unsupported_format", "file_too_large", "empty_file", "owner_queue_full", "queue_full"] as const),
];
const bytes = {
  description: "The bytes from there on.",
  types: { "application/offset+octet-stream": {} },
};
const handle = ({ request, response, services }: Call<unknown>) => services.uploads.handle(request, response);

/** Resumable uploads, as https://tus.io/protocols/resumable-upload says. */
export const uploadRoutes: readonly Route[] = [
  route({
    method: "options",
    path: uploadsPath,
    name: "describeUploads",
    audit: "nothing",
    summary: "What of the protocol for resumable uploads (TUS) is known here.",
    answers: {
      204: {
        description: "What is known.",
        headers: {
          "Tus-Version": "1.0.0.",
          "Tus-Extension": "Extensions.",
          "Tus-Max-Size": "Bytes at most.",
        },
      },
    },
    handle,
  }),
  route({
    method: "post",
    path: uploadsPath,
    name: "createUpload",
    audit: "change",
    summary:
      "Begins a resumable upload; the document that it becomes has its id. It may send the first bytes at once.",
    headers: {
      ...version,
      "Upload-Length": "Bytes in all.",
      "Upload-Defer-Length": "1, where that is not known yet.",
      "Upload-Metadata":
        "filename, languages, textLayer, rotate, quality, force: as in POST /api/documents, in base64.",
    },
    sent: bytes,
    answers: { 201: { description: "It has begun.", headers: { Location: "The upload.", ...outcome } } },
    refusals: [...always, ...atItsEnd, "invalid_document", "language_missing", "too_many_uploads"],
    handle,
  }),
  route({
    method: "head",
    path: ofUpload,
    name: "askUpload",
    audit: "nothing",
    summary: "Where an upload is; and of one that is complete, for a day, what became of it.",
    headers: version,
    answers: { 200: { description: "Where it is.", headers: { ...offset, ...outcome } } },
    refusals: [...always, ...atItsEnd, "upload_not_found"],
    handle,
  }),
  route({
    method: "patch",
    path: ofUpload,
    name: "continueUpload",
    audit: "change",
    summary: "Goes on with an upload. The last bytes make the document.",
    headers: {
      ...version,
      "Upload-Offset": "Where these bytes begin: where the upload is.",
      "Upload-Length": "Bytes in all, where that was not known before.",
    },
    sent: bytes,
    answers: { 204: { description: "They are there.", headers: { ...offset, ...outcome } } },
    refusals: [...always, ...atItsEnd, "upload_not_found", "upload_conflict"],
    handle,
  }),
  route({
    method: "delete",
    path: ofUpload,
    name: "removeUpload",
    audit: "change",
    summary: "Gives an upload up. A document that it has become stays.",
    headers: version,
    answers: { 204: { description: "It is gone." } },
    refusals: [...always, "upload_not_found"],
    handle,
  }),
];
