import type { DocumentAnswer } from "../api/answers.ts";
import { isFinal } from "./errors.ts";
import { count, counted } from "./sizes.ts";
import { roughly } from "./times.ts";

/** How a status is coloured; never by colour alone, the words say it. */
export type Tone = "waiting" | "busy" | "good" | "warning" | "bad" | "quiet";

/** Beyond this many the place is a figure, not a word. */
const places = ["next in line", "second in line", "third in line", "fourth in line", "fifth in line"];

/** The server counts no further. */
const maxCountedPosition = 1_000;

function place(position: number): string {
  if (position >= maxCountedPosition) {
    return `more than ${count(maxCountedPosition)} documents ahead`;
  }
  return places[position] ?? `${count(position)} documents ahead`;
}

function withTimeLeft(words: string, secondsLeft: number | null, ending: string): string {
  return secondsLeft === null ? words : `${words} · ${roughly(secondsLeft)}${ending}`;
}

function whileBeingRead(document: DocumentAnswer): string {
  const verb = document.isBeingReadAnew ? "Re-reading" : "Reading";
  if (document.pageCount === null) {
    return document.isBeingReadAnew ? verb : "Opening";
  }
  // The page under way is the one after those that are done (failed ones are among them); at the end there is none.
  const pageNumber = Math.min(document.pagesDone + 1, document.pageCount);
  const words = `${verb}${document.isBeingReadAnew ? ":" : ""} page ${count(pageNumber)} of ${count(document.pageCount)}`;
  return withTimeLeft(words, document.secondsLeft, " left");
}

/** Where a document stands, in words. */
export function statusWords(document: DocumentAnswer): string {
  switch (document.status) {
    case "uploaded":
    case "queued": {
      const waiting =
        document.queuePosition === null ? "Waiting" : `Waiting: ${place(document.queuePosition)}`;
      return withTimeLeft(waiting, document.secondsLeft, "");
    }
    case "processing":
      return whileBeingRead(document);
    case "completed":
      return `Ready, ${counted(document.pageCount ?? document.pagesDone, "page", "pages")}`;
    case "partial": {
      const pages = counted(document.pageCount ?? document.pagesDone, "page", "pages");
      return `Ready, ${count(document.pagesFailed)} of ${pages} could not be read`;
    }
    case "failed":
      return "Could not be read";
    case "cancelled":
      return "Cancelled";
  }
}

const tones: Readonly<Record<DocumentAnswer["status"], Tone>> = {
  uploaded: "waiting",
  queued: "waiting",
  processing: "busy",
  completed: "good",
  partial: "warning",
  failed: "bad",
  cancelled: "quiet",
};

export function statusTone(document: DocumentAnswer): Tone {
  return tones[document.status];
}

/** Whether it waits or is being read: then it changes by itself. */
export function isUnderWay(document: DocumentAnswer): boolean {
  return document.status === "uploaded" || document.status === "queued" || document.status === "processing";
}

/** What may be done with a document as it stands. */
export function possibleActions(document: DocumentAnswer): {
  readonly canCancel: boolean;
  readonly canRetry: boolean;
  readonly canReadAnew: boolean;
} {
  const { status, error } = document;
  const isRefused = status === "failed" && error !== null && isFinal(error.code);
  return {
    canCancel: isUnderWay(document),
    canRetry: (status === "failed" || status === "partial" || status === "cancelled") && !isRefused,
    canReadAnew: !isUnderWay(document) && !isRefused,
  };
}
