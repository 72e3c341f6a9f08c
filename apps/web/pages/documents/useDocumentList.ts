import type { DocumentStatus } from "@quire/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { DocumentAnswer } from "../api/answers.ts";
import { fetchDocuments } from "../api/documents.ts";
import { queryKeys } from "../api/queryKeys.ts";
import { announce } from "../layout/announce.ts";
import { useLiveEvents } from "../live/useLiveEvents.ts";
import { isUnderWay, statusWords } from "../wording/status.ts";
import { documentsOf, type ListData, putIntoLists, removeFromLists } from "./listCache.ts";

/** The documents with this status (null: all), newest first, as they are now. */
export function useDocumentList(status: DocumentStatus | null) {
  const client = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: queryKeys.list(status),
    queryFn: ({ pageParam, signal }) => fetchDocuments(status, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

  // What an event tells while a list is fetched may be newer than the answer, which is asked for once more then.
  const isOvertaken = useRef(false);
  const noteEvent = () => {
    isOvertaken.current ||= client.isFetching({ queryKey: queryKeys.lists }) > 0;
  };
  useEffect(() => {
    if (isOvertaken.current && !list.isFetching) {
      isOvertaken.current = false;
      void client.invalidateQueries({ queryKey: queryKeys.lists });
    }
  });

  useLiveEvents("all documents", true, {
    url: () => "/api/events",
    onGap: () => void client.invalidateQueries({ queryKey: queryKeys.lists }),
    on: {
      document: (data) => {
        const document = data as DocumentAnswer;
        noteEvent();
        announceEnd(client.getQueryData<ListData>(queryKeys.list(status)), document);
        putIntoLists(client, document);
      },
      erased: (data) => {
        noteEvent();
        removeFromLists(client, (data as { id: string }).id);
      },
    },
  });

  return { ...list, documents: documentsOf(list.data) };
}

/** Says when a document that was shown as under way has come to its end. */
function announceEnd(shown: ListData | undefined, document: DocumentAnswer): void {
  const before = documentsOf(shown).find(({ id }) => id === document.id);
  if (before !== undefined && isUnderWay(before) && !isUnderWay(document)) {
    announce(`${document.filename}: ${statusWords(document)}.`);
  }
}
