import type { Check } from "./check.ts";
import { accessRules } from "./checks/accessRules.ts";
import { bucket } from "./checks/bucket.ts";
import { clock } from "./checks/clock.ts";
import { database } from "./checks/database.ts";
import { engine } from "./checks/engine.ts";
import { exposure } from "./checks/exposure.ts";
import { fileStore } from "./checks/fileStore.ts";
import { folders } from "./checks/folders.ts";
import { memory } from "./checks/memory.ts";
import { migrations } from "./checks/migrations.ts";
import { models } from "./checks/models.ts";
import { node } from "./checks/node.ts";
import { session } from "./checks/session.ts";
import { signIn } from "./checks/signIn.ts";
import { temporaryFolder } from "./checks/temporaryFolder.ts";

/** All of them, in the order in which they are told. */
export const checks: readonly Check[] = [
  node,
  memory,
  models,
  temporaryFolder,
  folders,
  engine,
  database,
  session,
  clock,
  migrations,
  accessRules,
  fileStore,
  bucket,
  signIn,
  exposure,
];
