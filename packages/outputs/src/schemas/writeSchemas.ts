import { writeFile } from "node:fs/promises";
import { publishedSchemas } from "./publishedSchemas.ts";

/** Writes packages/outputs/schemas. Run by `npm run schemas`. */
const folder = new URL("../../schemas/", import.meta.url);

for (const [fileName, schema] of Object.entries(publishedSchemas())) {
  await writeFile(new URL(fileName, folder), `${JSON.stringify(schema, null, 2)}\n`);
}
