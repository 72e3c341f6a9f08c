import { type ErrorCode, isErrorCode, type PageResult } from "@quire/core";
import * as v from "valibot";
import type { PdfSource } from "../pdf/writePdf.ts";

/**
 * What is said between a process that wants a PDF and the one that makes it (the maker), one JSON object a line.
 * Requests go to the maker's standard input, messages come from its file descriptor 3, the PDF from its standard output.
 *
 * The maker asks for each page when it is done with the one before: so nothing piles up, and it is known at any time
 * whether it waits for us or we for it.
 */

/** Makes a PDF. @throws QuireError, before the first page is asked for where that can be known */
export type WritePdf = (source: PdfSource, pages: AsyncIterable<PageResult>) => AsyncGenerator<Uint8Array>;

export type MakerRequest =
  | { readonly type: "make"; readonly source: PdfSource }
  | { readonly type: "page"; readonly page: PageResult }
  /** There are no more pages. */
  | { readonly type: "end" };

/** A page of 50,000 words, the most there may be, takes 8 MB; words of thousands of letters are an attack. */
export const maxRequestBytes = 32 * 1024 * 1024;

/** The maker handles strangers' files: everything it says is checked. */
export const MakerMessageSchema = v.variant("type", [
  /** The next page, please. The first time it says besides that a PDF can be made. */
  v.object({ type: v.literal("next") }),
  v.object({ type: v.literal("done") }),
  v.object({
    type: v.literal("failed"),
    code: v.custom<ErrorCode>(isErrorCode),
    message: v.pipe(v.string(), v.maxLength(2_000)),
  }),
]);
export type MakerMessage = v.InferOutput<typeof MakerMessageSchema>;

/** The longest message is an error's, each of its characters escaped. */
export const maxMessageBytes = 16 * 1024;

export const messageDescriptor = 3;
