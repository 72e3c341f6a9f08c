import { EventSource as HeaderEventSource } from "eventsource";
import type { Access } from "../api/access.ts";
import { download } from "../api/download.ts";
import { PictureCache } from "./pictureCache.ts";
import type { Session } from "./session.ts";

const unauthorizedStatus = 401;
const scheme = "Bearer ";

type Headers = Readonly<Record<string, string>>;

/**
 * Asks with the token of whoever is signed in. A token that is refused is replaced once; then the session has ended, and
 * the session says so to all who watch it. Nothing of an answer is put into the browser's cache on disk: pictures of
 * pages would stay there when their owner has signed out.
 */
export function sessionAccess(session: Session): Access & { readonly pictures: PictureCache } {
  const headers = async (): Promise<Headers> => ({ Authorization: scheme + (await session.token()) });
  const renew = (refused: Headers) => session.renew((refused.Authorization ?? "").slice(scheme.length));

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const once = (given: Headers) =>
      fetch(path, { ...init, cache: "no-store", headers: { ...(init.headers as Headers), ...given } });
    const first = await headers();
    const answer = await once(first);
    if (answer.status !== unauthorizedStatus || !(await renew(first))) {
      return answer;
    }
    await answer.body?.cancel();
    return once(await headers());
  }

  const pictures = new PictureCache(ask);
  return {
    fetch: ask,
    // It asks anew at each connection, and so with the token of that moment.
    listen: (path) =>
      new HeaderEventSource(path, {
        fetch: (url, { signal, headers: own, redirect }) =>
          ask(String(url), { signal: signal as AbortSignal, headers: own, redirect }),
      }) as EventSource,
    headers,
    renew,
    pictures,
    inPlaceOfLinks: { pictures, download: (path) => download(path, ask) },
  };
}
