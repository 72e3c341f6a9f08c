import { useMutation, useQueryClient } from "@tanstack/react-query";
import { reprocessOlder } from "../api/operations.ts";
import { queryKeys } from "../api/queryKeys.ts";
import { announce } from "../layout/announce.ts";
import { counted } from "../wording/sizes.ts";

/** As many as one click queues. */
export const reprocessedAtOnce = 100;

/** Queues documents that an older reader read, behind all new uploads. */
export function useReprocessOlder() {
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => reprocessOlder(reprocessedAtOnce),
    onSuccess: ({ queued }) => announce(`${counted(queued, "document", "documents")} queued.`),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.operations }),
  });
  return { reprocess: mutate, isBusy: isPending, error };
}
