import type { DocumentStatus } from "@quire/core";
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { DocumentAnswer, DocumentListAnswer } from "../api/answers.ts";
import { queryKeys } from "../api/queryKeys.ts";

export type ListData = InfiniteData<DocumentListAnswer, string | null>;

/** Puts a document as it is now into every list that is kept, and takes it out of those it no longer belongs to. */
export function putIntoLists(client: QueryClient, document: DocumentAnswer): void {
  for (const [key, data] of client.getQueriesData<ListData>({ queryKey: queryKeys.lists })) {
    if (data !== undefined) {
      client.setQueryData(key, withDocument(data, document, (key[1] ?? null) as DocumentStatus | null));
    }
  }
}

/** All documents of a list, as far as it is loaded. */
export function documentsOf(data: Pick<ListData, "pages"> | undefined): DocumentAnswer[] {
  return data?.pages.flatMap(({ documents }) => documents) ?? [];
}

export function removeFromLists(client: QueryClient, id: string): void {
  for (const [key, data] of client.getQueriesData<ListData>({ queryKey: queryKeys.lists })) {
    if (data !== undefined) {
      client.setQueryData(key, withoutDocument(data, id));
    }
  }
}

/**
 * A known document keeps its place, a new one comes first. What is older than what is shown already changes nothing,
 * for an answer may be overtaken by an event.
 */
export function withDocument(
  data: ListData,
  document: DocumentAnswer,
  status: DocumentStatus | null,
): ListData {
  if (status !== null && document.status !== status) {
    return withoutDocument(data, document.id);
  }
  const known = documentsOf(data).find(({ id }) => id === document.id);
  if (known === undefined) {
    return insertFirst(data, document);
  }
  return known.revision > document.revision
    ? data
    : mapDocuments(data, (documents) =>
        documents.map((other) => (other.id === document.id ? document : other)),
      );
}

function withoutDocument(data: ListData, id: string): ListData {
  return mapDocuments(data, (documents) => documents.filter((other) => other.id !== id));
}

/** By the time of its creation, newest first; one that belongs further down than what is loaded is left out. */
function insertFirst(data: ListData, document: DocumentAnswer): ListData {
  const [first, ...rest] = data.pages;
  if (first === undefined) {
    return data;
  }
  const place = first.documents.findIndex(({ createdAt }) => createdAt <= document.createdAt);
  if (place === -1 && first.next !== null) {
    return data;
  }
  const documents = first.documents.toSpliced(place === -1 ? first.documents.length : place, 0, document);
  return { ...data, pages: [{ ...first, documents }, ...rest] };
}

function mapDocuments(data: ListData, change: (documents: DocumentAnswer[]) => DocumentAnswer[]): ListData {
  return { ...data, pages: data.pages.map((page) => ({ ...page, documents: change(page.documents) })) };
}
