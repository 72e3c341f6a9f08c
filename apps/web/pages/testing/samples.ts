import type { Word } from "@quire/core";
import type { DocumentAnswer, PageAnswer } from "../api/answers.ts";

/** A document as the API answers it, complete and of three pages unless said otherwise. */
export function sampleDocument(facts: Partial<DocumentAnswer> = {}): DocumentAnswer {
  return {
    id: "00000000-0000-4000-8000-000000000001",
    filename: "letter.pdf",
    status: "completed",
    lane: "small",
    contentType: "application/pdf",
    sizeBytes: 1_000,
    pageCount: 3,
    pagesDone: 3,
    pagesFailed: 0,
    options: { languages: ["auto"], textLayer: "auto", rotate: "auto", quality: null },
    uncertainNumbers: 0,
    uncertainPages: [],
    error: null,
    queuePosition: null,
    secondsLeft: null,
    isBeingReadAnew: false,
    createdAt: "2026-01-02T10:00:00.000Z",
    startedAt: null,
    originalErasedAt: null,
    finishedAt: null,
    revision: 1,
    ...facts,
  };
}

export function samplePage(pageNumber: number, facts: Partial<PageAnswer> = {}): PageAnswer {
  return {
    pageNumber,
    outcome: "recognized",
    meanConfidence: 95,
    width: 1_000,
    height: 1_400,
    dpi: 200,
    rotation: 0,
    orientation: 0,
    skew: 0,
    languages: ["eng"],
    reader: { engine: "pp-ocr", version: 2, quality: "balanced", models: [] },
    missingLanguage: null,
    uncertainNumbers: 0,
    durationMs: 1_000,
    warnings: [],
    error: null,
    previewUrl: null,
    ...facts,
  };
}

export function sampleWord(text: string, facts: Partial<Word> = {}): Word {
  const box = { x: 0, y: 0, width: 100, height: 20 };
  return { text, confidence: 95, uncertain: false, box, line: 0, block: 0, ...facts };
}
