export { EmbeddedPostgres, type EmbeddedPostgresOptions, runningUrl } from "./embeddedPostgres.ts";
export { quireHome } from "./quireHome.ts";
