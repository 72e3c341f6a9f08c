export { EmbeddedPostgres, runningUrl } from "./embeddedPostgres.ts";
