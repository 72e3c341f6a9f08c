export { freePort } from "../embedded/freePort.ts";
export { fileStoreContract } from "../files/fileStore.contract.ts";
export { page } from "./fixtures.ts";
export { startMigratedCluster } from "./migratedCluster.ts";
export type { TestCluster } from "./testDatabase.ts";
