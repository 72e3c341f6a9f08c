import type { DocumentStatus } from "@quire/core";
import type {
  DocumentAnswer,
  DocumentListAnswer,
  PageAnswer,
  PageListAnswer,
  PageWithWordsAnswer,
  SearchAnswer,
  SettingsAnswer,
} from "./answers.ts";
import { queryString, request } from "./request.ts";

/** Documents asked for at a time; "Show more" asks for as many again. */
const documentsPerRequest = 25;
const pagesPerRequest = 200;
const hitsPerRequest = 20;

/** The address of a document, or of something of it such as `/pages/3`. */
export function documentPath(id: string, part = ""): string {
  return `/api/documents/${encodeURIComponent(id)}${part}`;
}

export function fetchSettings(signal?: AbortSignal): Promise<SettingsAnswer> {
  return request("/api/settings", signal ? { signal } : {});
}

export function fetchDocuments(
  status: DocumentStatus | null,
  after: string | null,
  signal: AbortSignal,
): Promise<DocumentListAnswer> {
  return request(`/api/documents${queryString({ status, after, limit: documentsPerRequest })}`, { signal });
}

export function fetchDocument(id: string, signal: AbortSignal): Promise<DocumentAnswer> {
  return request(documentPath(id), { signal });
}

/** All pages that can be shown, without their text: as many as the document has, which the server limits. */
export async function fetchPages(id: string, signal: AbortSignal): Promise<PageAnswer[]> {
  const pages: PageAnswer[] = [];
  let after: string | null = null;
  do {
    const path = documentPath(id, `/pages${queryString({ after, limit: pagesPerRequest })}`);
    const answer: PageListAnswer = await request(path, { signal });
    pages.push(...answer.pages);
    after = answer.next;
  } while (after !== null);
  return pages;
}

export function fetchPage(id: string, pageNumber: number, signal: AbortSignal): Promise<PageWithWordsAnswer> {
  return request(documentPath(id, `/pages/${pageNumber}`), { signal });
}

export function search(
  query: string,
  documentId: string | null,
  after: string | null,
  signal: AbortSignal,
): Promise<SearchAnswer> {
  const parameters = queryString({ q: query, document: documentId, after, limit: hitsPerRequest });
  return request(`/api/search${parameters}`, { signal });
}

export type DocumentAction = "cancel" | "retry" | "reprocess";

export function act(id: string, action: DocumentAction): Promise<DocumentAnswer> {
  return request(documentPath(id, `/${action}`), { method: "POST" });
}

export function erase(id: string): Promise<void> {
  return request(documentPath(id), { method: "DELETE" });
}
