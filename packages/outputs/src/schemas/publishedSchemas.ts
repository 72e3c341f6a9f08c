import { DocumentFactsSchema, PageResultSchema } from "@quire/core";
import { type ConversionConfig, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { jsonVersion } from "../json.ts";

const name = v.pipe(v.string(), v.description("The file's name as it was given."));
const version = v.pipe(v.literal(jsonVersion), v.description("Rises when a reader would have to change."));

const DocumentSchema = v.object({
  version,
  document: v.object({ name, ...DocumentFactsSchema.entries }),
  pages: v.array(PageResultSchema),
});
const LineSchema = v.object({ version, document: name, ...PageResultSchema.entries });

/** JSON has no number that is not finite; a code of an error is checked by a function, which JSON Schema has not. */
const conversion: ConversionConfig = {
  target: "draft-2020-12",
  ignoreActions: ["finite"],
  overrideSchema: ({ valibotSchema }) => (valibotSchema.type === "custom" ? { type: "string" } : undefined),
};

/** The JSON Schemas of what `--format json` and a line of `--format ndjson` are, by their file names. */
export function publishedSchemas(): Readonly<Record<string, object>> {
  return {
    [`document-${jsonVersion}.schema.json`]: published(
      "document",
      "A document and its pages, as Quire read them",
      DocumentSchema,
    ),
    [`line-${jsonVersion}.schema.json`]: published(
      "line",
      "A page, as Quire read it: a line of NDJSON",
      LineSchema,
    ),
  };
}

function published(what: string, title: string, schema: v.GenericSchema): object {
  const { $schema, ...rest } = toJsonSchema(schema, conversion);
  return { $schema, $id: `urn:quire:${what}:${jsonVersion}`, title, ...rest };
}
