import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { PageAnswer } from "../api/answers.ts";
import { fetchPage } from "../api/documents.ts";
import { queryKeys } from "../api/queryKeys.ts";

/** Pages do not change but by events, which say so. */
const freshMs = 5 * 60_000;

function pageQuery(id: string, pageNumber: number) {
  return {
    queryKey: queryKeys.page(id, pageNumber),
    queryFn: ({ signal }: { signal: AbortSignal }) => fetchPage(id, pageNumber, signal),
    staleTime: freshMs,
  };
}

/** A page with its words; the one after it is fetched as well, for it is likely to be next. */
export function usePage(id: string, page: PageAnswer, hasNext: boolean) {
  const client = useQueryClient();
  const query = useQuery(pageQuery(id, page.pageNumber));
  useEffect(() => {
    if (hasNext && query.isSuccess) {
      void client.prefetchQuery(pageQuery(id, page.pageNumber + 1));
    }
  }, [client, hasNext, id, page.pageNumber, query.isSuccess]);
  return query;
}
