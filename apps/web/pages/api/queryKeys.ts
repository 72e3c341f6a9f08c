import type { DocumentStatus } from "@quire/core";

/** Under which name each answer is kept. What begins alike is refreshed together. */
export const queryKeys = {
  settings: ["settings"],
  lists: ["documents"],
  list: (status: DocumentStatus | null) => ["documents", status],
  document: (id: string) => ["document", id],
  pages: (id: string) => ["pages", id],
  /** All pages with their words. */
  pageContents: (id: string) => ["page", id],
  page: (id: string, pageNumber: number) => ["page", id, pageNumber],
  search: (query: string, documentId: string | null) => ["search", query, documentId],
  operations: ["operations"],
  memory: (hours: number) => ["operations", "memory", hours],
} as const;
