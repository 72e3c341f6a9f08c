import type { QueryClient } from "@tanstack/react-query";
import { createQueryClient } from "./api/queryClient.ts";
import { queryKeys } from "./api/queryKeys.ts";
import { announce } from "./layout/announce.ts";
import { type RunningUploads, startUploads, type UploadsOwner } from "./uploads/startUploads.ts";

/** What the pages hold for whoever uses them: answers of the API, and uploads. */
export interface Workplace {
  readonly client: QueryClient;
  readonly uploads: RunningUploads["queue"];
  /** Lets go of everything; uploads go on when the same person is back. */
  close(): void;
  /** The same, and nothing is left in this browser. */
  clear(): Promise<void>;
}

/** @param owner null where nobody signs in */
export function openWorkplace(owner: UploadsOwner | null): Workplace {
  const { client, close: closeClient } = createQueryClient();
  const uploads = startUploads(owner, (upload, { isNew }) => {
    announce(isNew ? `${upload.name} is uploaded.` : `${upload.name} was already here.`);
    void client.invalidateQueries({ queryKey: queryKeys.lists });
  });
  const close = () => {
    uploads.close();
    closeClient();
  };
  return {
    client,
    uploads: uploads.queue,
    close,
    async clear() {
      close();
      await uploads.forget();
    },
  };
}
