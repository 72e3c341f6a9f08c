import { isNoConnection, type Problem } from "../api/problem.ts";
import { explain, explainInLine } from "../wording/errors.ts";
import { type NextStep, nextStep } from "./nextStep.ts";
import type { Attempt, AttemptEnding, SendOnce } from "./sendOnce.ts";
import type { UploadState } from "./upload.ts";

export interface Transfer {
  readonly id: string;
  readonly file: Blob;
  readonly metadata: Attempt["metadata"];
  uploadUrl: string | null;
  receivedBytes: number;
  readonly signal: AbortSignal;
  onUrl(uploadUrl: string | null): void;
  onProgress(sentBytes: number): void;
  onReceived(receivedBytes: number): void;
  onState(state: UploadState): void;
}

export type TransferEnding =
  | Exclude<AttemptEnding, { kind: "failed" }>
  | { kind: "failed"; problem: Problem };

/** Waits, at most so long; returns sooner when `signal` says so or the connection is back. */
export type Wait = (delayMs: number, signal: AbortSignal) => Promise<void>;

/** Sends a file, over as many attempts as it takes; ends when it is there, stopped, or cannot be sent. */
export async function sendUntilDone(
  transfer: Transfer,
  sendOnce: SendOnce,
  wait: Wait,
): Promise<TransferEnding> {
  let failures = 0;
  let freshStarts = 0;
  let reachedBytes = 0;
  for (;;) {
    transfer.onState({ kind: "sending" });
    const hadUrl = transfer.uploadUrl !== null;
    const ending = await sendOnce({
      ...transfer,
      onUrl(uploadUrl) {
        transfer.uploadUrl = uploadUrl;
        transfer.onUrl(uploadUrl);
      },
      onReceived(receivedBytes) {
        transfer.receivedBytes = receivedBytes;
        transfer.onReceived(receivedBytes);
      },
      onProgress(sentBytes) {
        if (sentBytes > reachedBytes) {
          reachedBytes = sentBytes;
          failures = 0;
        }
        transfer.onProgress(sentBytes);
      },
    });
    if (ending.kind !== "failed") {
      return ending;
    }
    if (transfer.signal.aborted) {
      return { kind: "stopped" };
    }
    failures++;
    const step = nextStep(ending.problem, failures, freshStarts, hadUrl);
    if (step.kind === "giveUp") {
      return ending;
    }
    if (step.kind === "afresh") {
      freshStarts++;
      transfer.uploadUrl = null;
      transfer.receivedBytes = 0;
      transfer.onUrl(null);
      transfer.onReceived(0);
      continue;
    }
    transfer.onState(waitingState(ending.problem, step));
    await wait(step.delayMs, transfer.signal);
    if (transfer.signal.aborted) {
      return { kind: "stopped" };
    }
  }
}

function waitingState(problem: Problem, step: NextStep): UploadState {
  if (step.kind === "heldUp") {
    return { kind: "heldUp", words: `${explain(problem).what} It is sent by itself when there is room.` };
  }
  const words = isNoConnection(problem)
    ? "No connection. It goes on by itself."
    : `${explainInLine(problem)} It is tried again by itself.`;
  return { kind: "retrying", words };
}
