import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { DocumentAnswer } from "../api/answers.ts";
import { act, type DocumentAction, erase } from "../api/documents.ts";
import { queryKeys } from "../api/queryKeys.ts";
import { announce } from "../layout/announce.ts";
import { putIntoLists, removeFromLists } from "./listCache.ts";

/** What can be done with a document, and what came of the last thing that was. */
export function useDocumentActions(document: DocumentAnswer, onErased: () => void = () => {}) {
  const client = useQueryClient();
  const action = useMutation({
    mutationFn: (name: DocumentAction) => act(document.id, name),
    onSuccess: (changed) => {
      client.setQueryData(queryKeys.document(changed.id), changed);
      putIntoLists(client, changed);
      void client.invalidateQueries({ queryKey: queryKeys.pages(changed.id) });
    },
  });
  const erasure = useMutation({
    mutationFn: () => erase(document.id),
    onSuccess: () => {
      announce(`${document.filename} was deleted.`);
      onErased();
      removeFromLists(client, document.id);
      for (const key of [queryKeys.document, queryKeys.pages, queryKeys.pageContents]) {
        client.removeQueries({ queryKey: key(document.id) });
      }
    },
  });
  return {
    perform: action.mutate,
    erase: () => erasure.mutate(),
    isBusy: action.isPending || erasure.isPending,
    error: action.error ?? erasure.error,
  };
}
