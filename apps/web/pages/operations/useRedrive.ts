import { useMutation, useQueryClient } from "@tanstack/react-query";
import { retryDeadLetter } from "../api/operations.ts";
import { queryKeys } from "../api/queryKeys.ts";
import { announce } from "../layout/announce.ts";
import { counted } from "../wording/sizes.ts";

/** Puts documents that gave up back into the queue, one after the other; ends at the first that is refused. */
export function useRedrive() {
  const client = useQueryClient();
  const redrive = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await retryDeadLetter(id);
      return ids.length;
    },
    onSuccess: (redriven) => announce(`${counted(redriven, "document waits", "documents wait")} again.`),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.operations }),
  });
  return { redrive: redrive.mutate, isBusy: redrive.isPending, error: redrive.error };
}
