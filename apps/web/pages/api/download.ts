import { noConnection, Problem, toProblem } from "./problem.ts";

/** Browsers begin to save a moment after they were told to, and then hold on to it themselves. */
const heldMs = 60_000;

/** What is being made is asked for again after this, where the server does not say when. */
const usualWaitSeconds = 5;
/** The server answers after 45 seconds at most and makes nothing for longer than five minutes; others may be before. */
const mostTries = 40;

/**
 * Fetches a file and has the browser save it under the name that the server gives. As a blob: a file has MAX_FILE_MB at
 * most, its text and words less, and browsers put blobs of that size on disk, outside of the page's memory. Streaming to
 * a file that the person names first (File System Access) would ask one question more, in some browsers only.
 * @throws Problem
 */
export async function download(path: string, ask: (path: string) => Promise<Response>): Promise<void> {
  const { name, content } = await fetched(path, ask);
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), heldMs);
}

/**
 * The same of a file that the server may still have to make: asks until it is there.
 * @param wait resolves after so many seconds
 * @throws Problem why it cannot be made, or that it takes too long
 */
export async function downloadOnceMade(
  path: string,
  ask: (path: string) => Promise<Response>,
  wait: (seconds: number) => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await download(path, ask);
    } catch (error) {
      const isBeingMade = error instanceof Problem && error.code === "output_busy";
      if (!isBeingMade || tries >= mostTries) {
        throw error;
      }
      await wait(error.retryAfterSeconds ?? usualWaitSeconds);
    }
  }
}

async function fetched(path: string, ask: (path: string) => Promise<Response>) {
  try {
    const answer = await ask(path);
    if (!answer.ok) {
      throw toProblem(answer.status, await answer.text(), answer.headers.get("retry-after"));
    }
    return { name: nameIn(answer.headers.get("content-disposition") ?? ""), content: await answer.blob() };
  } catch (error) {
    throw error instanceof Problem ? error : noConnection();
  }
}

/** RFC 6266: the name in UTF-8 (RFC 8187) goes before the one in ASCII. */
export function nameIn(contentDisposition: string): string {
  const encoded = /filename\*=UTF-8''([^;\s]+)/i.exec(contentDisposition)?.[1];
  if (encoded !== undefined) {
    return decodeURIComponent(encoded);
  }
  const quoted = /filename="((?:[^"\\]|\\.)*)"/i.exec(contentDisposition)?.[1];
  const plain = quoted?.replaceAll(/\\(.)/g, "$1") ?? /filename=([^;\s"]+)/i.exec(contentDisposition)?.[1];
  return plain ?? "document";
}
