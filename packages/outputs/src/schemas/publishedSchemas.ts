import { DocumentFactsSchema, PageReaderSchema, PageResultSchema, WordSchema } from "@quire/core";
import { type ConversionConfig, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { jsonVersion } from "../json.ts";

const name = v.pipe(v.string(), v.description("The file's name as it was given."));
const version = v.pipe(v.literal(jsonVersion), v.description("Raised when a reader would have to change."));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const coordinate = v.pipe(v.number(), v.finite());

/** Codes are open: a later release may add some without a new version, so core's lists of them are not published. */
const openCode = /^[a-z0-9_]+$/;
const warning = v.pipe(
  v.string(),
  v.regex(openCode),
  v.description("What to know of the page. Ignore those you do not know."),
);
const errorCode = v.pipe(v.string(), v.regex(openCode));
const engine = v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/), v.description("Such as pp-ocr or tesseract."));

const uncertain = v.pipe(v.boolean(), v.description("Whether a person should check it against the page."));
const alternative = v.pipe(v.string(), v.description("What the other reader read there."));
const polygon = v.pipe(
  v.array(v.object({ x: coordinate, y: coordinate })),
  v.length(4),
  v.description("Of a turned word: its corners, clockwise from the one where its upper side begins."),
);
const PublishedWordSchema = v.object({
  ...WordSchema.entries,
  uncertain,
  alternative: v.optional(alternative),
  polygon: v.optional(polygon),
});

const page = PageResultSchema.entries;
const PublishedPageSchema = v.object({
  ...page,
  words: v.array(PublishedWordSchema),
  uncertainNumbers: v.pipe(count, v.description("How many of its words are uncertain numbers.")),
  reader: v.nullable(v.object({ ...PageReaderSchema.entries, engine })),
  warnings: v.array(warning),
  error: v.nullable(v.object({ ...page.error.wrapped.entries, code: errorCode })),
});

const DocumentSchema = v.object({
  version,
  document: v.object({ name, ...DocumentFactsSchema.entries }),
  pages: v.array(PublishedPageSchema),
  uncertainNumbers: v.pipe(count, v.description("How many uncertain numbers all pages have.")),
  pagesWithUncertainNumbers: v.pipe(
    v.array(page.pageNumber),
    v.description("The pageNumber of each page that has some."),
  ),
});
const LineSchema = v.object({ version, document: name, ...PublishedPageSchema.entries });

/** JSON has no number that is not finite. */
const conversion: ConversionConfig = { target: "draft-2020-12", ignoreActions: ["finite"] };

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
