import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { search } from "../api/documents.ts";
import { queryKeys } from "../api/queryKeys.ts";

/** What a search finds, in one document or (null) in all; asks for nothing while there is nothing to search for. */
export function useSearch(query: string, documentId: string | null) {
  const result = useInfiniteQuery({
    queryKey: queryKeys.search(query, documentId),
    queryFn: ({ pageParam, signal }) => search(query, documentId, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: query !== "",
    placeholderData: keepPreviousData,
  });
  return { ...result, hits: result.data?.pages.flatMap(({ hits }) => hits) ?? [] };
}
