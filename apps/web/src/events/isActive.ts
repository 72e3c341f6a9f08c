import type { DocumentStatus } from "@quire/core";

/** Whether more is to come: it waits, or is being read. */
export function isActive({ status }: { readonly status: DocumentStatus }): boolean {
  return status === "uploaded" || status === "queued" || status === "processing";
}
