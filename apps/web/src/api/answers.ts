import type { DocumentSummary, PageSummary, Standing } from "@quire/store";
import type { DocumentAnswer, PageAnswer } from "./shapes.ts";

/** @param standing how far it is from being read; undefined where it is at its end, or nobody has asked */
export function documentAnswer(document: DocumentSummary, standing: Standing | undefined): DocumentAnswer {
  const { id, filename, status, lane, contentType, sizeBytes, pageCount, pagesDone, pagesFailed } = document;
  const { options, isBeingReadAnew, createdAt, startedAt, finishedAt, originalErasedAt, revision } = document;
  const { errorCode, errorMessage, uncertainNumbers, uncertainPages } = document;
  const { languages, textLayer, rotate, quality = null } = options;
  return {
    id,
    filename,
    status,
    lane,
    contentType,
    sizeBytes,
    pageCount,
    pagesDone,
    pagesFailed,
    options: { languages: [...languages], textLayer, rotate, quality },
    uncertainNumbers,
    uncertainPages: [...uncertainPages],
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? "" },
    queuePosition: standing?.queuePosition ?? null,
    secondsLeft: standing?.secondsLeft ?? null,
    isBeingReadAnew,
    createdAt,
    startedAt,
    finishedAt,
    originalErasedAt,
    revision,
  };
}

export function pageAnswer(documentId: string, page: PageSummary): PageAnswer {
  const { pageNumber, outcome, meanConfidence, width, height, dpi, rotation, orientation, skew } = page;
  const { languages, reader, missingLanguage, uncertainNumbers, durationMs, warnings, error } = page;
  return {
    pageNumber,
    outcome,
    meanConfidence,
    width,
    height,
    dpi,
    rotation,
    orientation,
    skew,
    languages: [...languages],
    reader: reader && { ...reader, models: [...reader.models] },
    missingLanguage,
    uncertainNumbers,
    durationMs,
    warnings: [...warnings],
    error: error && { code: error.code, message: error.message },
    previewUrl: page.hasPreview ? previewUrl(documentId, page) : null,
  };
}

/** What tells a picture from every other of the same page: whoever read the page anew made another. */
export function previewVersion({ run, claim }: Pick<PageSummary, "run" | "claim">): string {
  return `${run}.${claim}`;
}

function previewUrl(documentId: string, page: PageSummary): string {
  return `/api/documents/${documentId}/pages/${page.pageNumber}/preview?v=${previewVersion(page)}`;
}
