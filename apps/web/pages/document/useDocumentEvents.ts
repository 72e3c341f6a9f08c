import { useQueryClient } from "@tanstack/react-query";
import type { DocumentAnswer, PageAnswer } from "../api/answers.ts";
import { documentPath } from "../api/documents.ts";
import { queryKeys } from "../api/queryKeys.ts";
import { queryString } from "../api/request.ts";
import { putIntoLists } from "../documents/listCache.ts";
import { announce } from "../layout/announce.ts";
import { useLiveEvents } from "../live/useLiveEvents.ts";
import { isUnderWay, statusWords } from "../wording/status.ts";
import { withPage } from "./pageCache.ts";

/** Follows a document while it waits or is read; its pages appear as they are saved. */
export function useDocumentEvents(id: string, document: DocumentAnswer | undefined): void {
  const client = useQueryClient();
  const key = queryKeys.document(id);
  const current = () => client.getQueryData<DocumentAnswer>(key);

  const refreshPages = () => {
    void client.invalidateQueries({ queryKey: queryKeys.pages(id) });
    void client.invalidateQueries({ queryKey: queryKeys.pageContents(id) });
  };

  useLiveEvents(id, document !== undefined && isUnderWay(document), {
    url: () => documentPath(id, `/events${queryString({ lastEventId: current()?.revision })}`),
    onGap: () => {
      void client.invalidateQueries({ queryKey: key });
      void client.invalidateQueries({ queryKey: queryKeys.pages(id) });
    },
    on: {
      erased: () => void client.invalidateQueries({ queryKey: key }),
      document: (data) => {
        const changed = data as DocumentAnswer;
        const before = current();
        if (before !== undefined && before.revision > changed.revision) {
          return;
        }
        client.setQueryData(key, changed);
        putIntoLists(client, changed);
        if (before?.isBeingReadAnew && !changed.isBeingReadAnew) {
          refreshPages();
        }
        if (before !== undefined && isUnderWay(before) && !isUnderWay(changed)) {
          announce(`${statusWords(changed)}.`);
        }
      },
      page: (data) => {
        // While it is read anew, what is shown is the earlier reading, until the new one is complete.
        if (current()?.isBeingReadAnew) {
          return;
        }
        const page = data as PageAnswer;
        client.setQueryData<PageAnswer[]>(queryKeys.pages(id), (pages) => withPage(pages ?? [], page));
        void client.invalidateQueries({ queryKey: queryKeys.page(id, page.pageNumber) });
      },
    },
  });
}
