import { QuireError } from "@quire/core";
import type { Request } from "express";
import { pageAnswer, previewVersion } from "../api/answers.ts";
import {
  type PageListAnswer,
  PageListSchema,
  type PageWithWordsAnswer,
  PageWithWordsSchema,
} from "../api/shapes.ts";
import { sendFile } from "../http/sendFile.ts";
import { text, wholeNumber } from "./parameters.ts";
import { route } from "./route.ts";

/** PostgreSQL's `int`, which pages are numbered with. */
const maxPageNumber = 2 ** 31 - 1;
const maxVersionCharacters = 40;

export const listPages = route({
  method: "get",
  path: "/api/documents/{id}/pages",
  name: "listPages",
  audit: "read",
  summary: "The pages that have been read, in order, without their text.",
  query: {
    after: wholeNumber("Where to go on: `next` of the part before.", {
      least: 0,
      most: maxPageNumber,
      fallback: 0,
    }),
    limit: wholeNumber("How many.", { least: 1, most: 200, fallback: 200 }),
  },
  answers: { 200: { description: "One part of the list.", schema: PageListSchema } },
  refusals: ["document_not_found", "document_erased"],
  async handle({ documents, id, query, response }) {
    const { pages, next } = await documents.listPages(id, query);
    const answer = {
      pages: pages.map((page) => pageAnswer(id, page)),
      next: next === null ? null : `${next}`,
    };
    response.json(answer satisfies PageListAnswer);
  },
});

export const getPage = route({
  method: "get",
  path: "/api/documents/{id}/pages/{page}",
  name: "getPage",
  audit: "read",
  summary: "A page with its text, and its words with their boxes.",
  answers: { 200: { description: "The page.", schema: PageWithWordsSchema } },
  refusals: ["document_not_found", "document_erased", "page_not_found"],
  async handle({ documents, id, request, response }) {
    const { summary, text, words } = await documents.page(id, pageNumberIn(request));
    response.json({ ...pageAnswer(id, summary), text, words } satisfies PageWithWordsAnswer);
  },
});

export const getPreview = route({
  method: "get",
  path: "/api/documents/{id}/pages/{page}/preview",
  name: "getPreview",
  audit: "read",
  summary: "The picture of a page. Ask for the address that the page has as `previewUrl`.",
  query: { v: text("Which reading of the page it shows: then it never changes.", maxVersionCharacters) },
  headers: { "If-None-Match": "The ETag of the picture that is there already." },
  answers: {
    200: {
      description: "The picture.",
      types: ["image/webp"],
      headers: { ETag: "Tells it from every other." },
    },
    304: { description: "It is the one that is there already." },
  },
  refusals: ["document_not_found", "document_erased", "page_not_found", "file_missing"],
  async handle({ documents, id, query, request, response, services }) {
    const preview = await documents.preview(id, pageNumberIn(request));
    const version = previewVersion(preview);
    await sendFile(request, response, {
      open: (range) => services.files.open(preview.key, range),
      sizeBytes: preview.sizeBytes,
      etag: `"${version}"`,
      headers: {
        "Content-Type": "image/webp",
        "Cache-Control": `private, ${query.v === version ? "max-age=31536000, immutable" : "no-cache"}`,
      },
    });
  },
});

/** @throws QuireError `page_not_found` for what is no page's number */
function pageNumberIn({ params }: Request): number {
  const number = /^[1-9]\d{0,9}$/.test(`${params.page}`) ? Number(params.page) : Number.NaN;
  if (number <= maxPageNumber) return number;
  throw new QuireError(
    "page_not_found",
    "Pages are numbered from 1 on. The document's list of pages has those there are.",
  );
}
