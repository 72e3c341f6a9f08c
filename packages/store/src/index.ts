export type { PgBoss } from "pg-boss";
export { assertKeepsSession } from "./assertKeepsSession.ts";
export { type Access, type AuditEntry, type AuditFilter, AuditLog, assertOwnerId } from "./audit/auditLog.ts";
export { onRequest } from "./audit/onRequest.ts";
export { Claim, ClaimLost, type Suspect } from "./claims/claim.ts";
export { Queue, type QueueOptions } from "./claims/queue.ts";
export type { LaneDepth } from "./claims/queueDepth.ts";
export { Database, type DatabaseOptions } from "./database.ts";
export { addStored } from "./documents/addStored.ts";
export type { ChangesSince } from "./documents/changesSince.ts";
export { DocumentChanges, type Watched } from "./documents/documentChanges.ts";
export { documentErased } from "./documents/documentId.ts";
export type { DocumentSummary, StoredOptions } from "./documents/documentSummary.ts";
export { Documents, type FailureEntry, type NewDocument } from "./documents/documents.ts";
export type { DocumentFilter, DocumentList } from "./documents/listDocuments.ts";
export { type OriginalFile, OwnedDocuments } from "./documents/ownedDocuments.ts";
export type { PageFilter, PageList, PagePreview, PageWithWords } from "./documents/ownedPages.ts";
export type { PageSummary } from "./documents/pageSummary.ts";
export type { Standing } from "./documents/standing.ts";
export { DiskFileStore } from "./files/diskFileStore.ts";
export { type ByteRange, type FileStore, receive, type StoredFile } from "./files/fileStore.ts";
export type { InstallationFiles } from "./files/installationFiles.ts";
export { areFilesAtSupabase, filesFolder, openFileStore } from "./files/openFileStore.ts";
export { originalKey } from "./files/originalKey.ts";
export { type OutputOf, outputKey } from "./files/outputKey.ts";
export { type PreviewOf, previewKey } from "./files/previewKey.ts";
export { sweepFiles } from "./files/sweepFiles.ts";
export { useBucket } from "./files/useBucket.ts";
export { holdLock } from "./holdLock.ts";
export { type AccessDrift, accessDrift } from "./inspect/accessRules.ts";
export { type MigrationDrift, migrationDrift } from "./inspect/migrationDrift.ts";
export { deleteDueFiles, deleteFiles } from "./keeping/deleteFiles.ts";
export { deleteFilesOf, eraseDocuments, eraseOwner, ownerErasedAt } from "./keeping/eraseForGood.ts";
export {
  type Erased,
  type ErasureProof,
  figuresOf,
  filesAwaited,
  isComplete,
  proveErased,
} from "./keeping/proveErased.ts";
export { eraseExpired, eraseOriginals, pruneAudit } from "./keeping/retention.ts";
export type { WorkerStanding } from "./operations/listWorkers.ts";
export type { MemoryHistory, MemoryWindow } from "./operations/memoryHistory.ts";
export { Operations, type WorkerEventEntry } from "./operations/operations.ts";
export {
  type KeptOutput,
  KeptOutputs,
  type KeptOutputsOptions,
  type MakeOutput,
  type OutputToMake,
  type WantedOutput,
} from "./outputs/keptOutputs.ts";
export type { OutputStanding } from "./outputs/outputStanding.ts";
export { quireHome } from "./quireHome.ts";
export { checkSchema, listMigrations, type Migration, migrate } from "./schema/migrations.ts";
export type { SearchHit, SearchHits, SearchOptions } from "./search/searchPages.ts";
export type { SnippetPart } from "./search/snippet.ts";
export type { UserClaims } from "./userQuery.ts";
export { type Finding, verifyStore } from "./verify/verifyStore.ts";
export {
  Deliveries,
  type DeliveriesWaiting,
  type Delivery,
  type DeliveryFailure,
  type DeliveryOutcome,
  type DeliveryTaker,
  deliveryOutcomes,
  webhookNotice,
} from "./webhooks/deliveries.ts";
export { type NewWebhook, OwnedWebhooks } from "./webhooks/ownedWebhooks.ts";
export { isPublicAddress } from "./webhooks/publicAddress.ts";
export {
  type DeliveryError,
  deliveryErrors,
  disabledReasons,
  type Webhook,
} from "./webhooks/webhook.ts";
export { signatureHeaders } from "./webhooks/webhookSecret.ts";
export { hostOf, webhookUrl } from "./webhooks/webhookUrl.ts";
export { WorkerRecords } from "./workerRecords.ts";
