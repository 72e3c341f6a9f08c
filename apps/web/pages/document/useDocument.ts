import { useQuery } from "@tanstack/react-query";
import { fetchDocument, fetchPages } from "../api/documents.ts";
import { queryKeys } from "../api/queryKeys.ts";
import { useDocumentEvents } from "./useDocumentEvents.ts";

/** A document and its pages without their text, as they are now. */
export function useDocument(id: string) {
  const document = useQuery({
    queryKey: queryKeys.document(id),
    queryFn: ({ signal }) => fetchDocument(id, signal),
  });
  const pages = useQuery({
    queryKey: queryKeys.pages(id),
    queryFn: ({ signal }) => fetchPages(id, signal),
    // The document comes first, so that events from its revision on miss no page.
    enabled: document.data !== undefined,
  });
  useDocumentEvents(id, pages.data === undefined ? undefined : document.data);
  return { document, pages: pages.data ?? [], arePagesPending: pages.isPending, pagesError: pages.error };
}
