import { useQuery } from "@tanstack/react-query";
import { fetchMemory, fetchOperations } from "../api/operations.ts";
import { queryKeys } from "../api/queryKeys.ts";

/** Refreshed while the tab is seen. A worker tells of itself every few seconds; its memory is kept by the half minute. */
const refreshMs = 4_000;
const memoryRefreshMs = 15_000;

export function useOperations() {
  return useQuery({
    queryKey: queryKeys.operations,
    queryFn: ({ signal }) => fetchOperations(signal),
    refetchInterval: refreshMs,
  });
}

export function useMemory(hours: number) {
  return useQuery({
    queryKey: queryKeys.memory(hours),
    queryFn: ({ signal }) => fetchMemory(hours, signal),
    refetchInterval: memoryRefreshMs,
  });
}
