import { after, before } from "node:test";
import { SupabaseFileStore } from "@quire/store/supabase";
import { fileStoreContract } from "@quire/store/testing";
import { openStorageProject, type StorageProject } from "./project.ts";

let project: StorageProject;
before(async () => {
  project = await openStorageProject();
});
after(() => project.close());

fileStoreContract("SupabaseFileStore", async () => {
  const bucket = await project.makeBucket();
  return { store: new SupabaseFileStore({ ...project, bucket: bucket.name }), cleanUp: bucket.remove };
});
