export { fileStoreContract } from "../files/fileStore.contract.ts";
export { describeSchema } from "../schema/describeSchema.ts";
export { TestCluster } from "./testDatabase.ts";
