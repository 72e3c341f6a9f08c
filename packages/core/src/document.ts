import * as v from "valibot";

/** The formats Quire reads, by their magic bytes. */
export const documentFormats = ["pdf", "tiff", "jpeg", "png", "webp", "gif", "bmp", "avif"] as const;
export type DocumentFormat = (typeof documentFormats)[number];

/** `auto`: take a page's own text where it is real; `never`: always OCR; `only`: never OCR. */
export const textLayerModes = ["auto", "never", "only"] as const;
export type TextLayerMode = (typeof textLayerModes)[number];

/**
 * What is known of a document before any page is read. `conservative`: it is over a warning limit, so pages
 * are rendered one by one and memory is collected after each.
 */
export const DocumentFactsSchema = v.object({
  format: v.picklist(documentFormats),
  pageCount: v.pipe(v.number(), v.integer(), v.minValue(1)),
  sizeBytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  conservative: v.boolean(),
});
export type DocumentFacts = v.InferOutput<typeof DocumentFactsSchema>;
