export { fileStoreContract } from "../files/fileStore.contract.ts";
export { startMigratedCluster } from "./migratedCluster.ts";
export type { TestCluster } from "./testDatabase.ts";
