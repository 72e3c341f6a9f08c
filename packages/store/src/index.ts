export type { PgBoss } from "pg-boss";
export { Claim, ClaimLost, type Suspect } from "./claims/claim.ts";
export { type LaneDepth, Queue, type QueueOptions } from "./claims/queue.ts";
export { Database, type DatabaseOptions } from "./database.ts";
export type { DocumentSummary } from "./documents/documentSummary.ts";
export { Documents, type FailureEntry, type NewDocument } from "./documents/documents.ts";
export type { DocumentFilter, DocumentList } from "./documents/listDocuments.ts";
export {
  type OriginalFile,
  OwnedDocuments,
  type PagePreview,
  type PageWithWords,
} from "./documents/ownedDocuments.ts";
export type { PageSummary } from "./documents/pageSummary.ts";
export { DiskFileStore } from "./files/diskFileStore.ts";
export { type ByteRange, type FileStore, receive, type StoredFile } from "./files/fileStore.ts";
export { type PreviewOf, previewKey } from "./files/previewKey.ts";
export { sweepFiles } from "./files/sweepFiles.ts";
export { holdLock } from "./holdLock.ts";
export { quireHome } from "./quireHome.ts";
export { checkSchema, listMigrations, type Migration, migrate } from "./schema/migrations.ts";
export { WorkerRecords } from "./workerRecords.ts";
