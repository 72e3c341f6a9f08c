export { freePort } from "../embedded/freePort.ts";
export { fileStoreContract } from "../files/fileStore.contract.ts";
export { finishOne, owner, page, Store } from "./fixtures.ts";
export { startMigratedCluster } from "./migratedCluster.ts";
export type { TestCluster } from "./testDatabase.ts";
