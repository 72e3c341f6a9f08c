import { QuireError } from "@quire/core";
import type { Request } from "express";
import { maxStreams, maxStreamsPerOwner } from "../events/bounds.ts";
import { EventStream } from "../events/eventStream.ts";
import { Places } from "../http/places.ts";
import { wholeNumber } from "./parameters.ts";
import { type Answer, type Call, type Route, route } from "./route.ts";

/** PostgreSQL's `int`, which changes are numbered with. */
const maxRevision = 2 ** 31 - 1;
/** What Node's timers can wait for, 24 days; a longer one would be over at once. */
const maxTimerMs = 2 ** 31 - 1;
const answers: Readonly<Record<number, Answer>> = {
  200: { description: "Server-sent events.", types: ["text/event-stream"] },
};

/** @returns routes with places of their own */
export function eventRoutes(): Route[] {
  const inAll = new Places(maxStreams, tooMany);
  const ofOwner = new Map<string, Places>();
  const take = (ownerId: string) => {
    const own = ofOwner.get(ownerId) ?? new Places(maxStreamsPerOwner, tooMany);
    ofOwner.set(ownerId, own);
    const giveBack = [own.take()];
    try {
      giveBack.push(inAll.take());
    } catch (error) {
      giveBack[0]?.();
      throw error;
    }
    return () => {
      for (const each of giveBack) each();
      if (own.taken === 0) ofOwner.delete(ownerId);
    };
  };
  const open = ({ request, response, ownerId, expiresAtMs }: Call<unknown>): EventStream | null => {
    if (request.method === "HEAD") {
      response.type("text/event-stream").end();
      return null;
    }
    const giveBack = take(ownerId);
    const stream = EventStream.open(response);
    stream.onClose(giveBack);
    if (expiresAtMs !== null) endAt(stream, expiresAtMs);
    return stream;
  };

  const watchDocument = route({
    method: "get",
    path: "/api/documents/{id}/events",
    name: "watchDocument",
    summary:
      "A document as it is read: `page` for each page, `document` for each change, `end` when it is at its end, `erased` " +
      "when it is gone. Pages of a new reading are not told one by one: when `isBeingReadAnew` is over, ask for all.",
    query: {
      lastEventId: wholeNumber("As Last-Event-ID.", { least: 0, most: maxRevision, fallback: undefined }),
    },
    headers: { "Last-Event-ID": "The id of the last event that came in: what came after it is told." },
    answers,
    refusals: ["document_not_found", "document_erased", "too_many_watchers"],
    async handle(call) {
      const revision = call.query.lastEventId ?? lastEventId(call.request);
      const { id } = await call.documents.get(call.id);
      const stream = open(call);
      if (stream) call.services.events.watchDocument(call.ownerId, id, stream, revision);
    },
  });

  const watchDocuments = route({
    method: "get",
    path: "/api/events",
    name: "watchDocuments",
    summary:
      "All documents: `document` for each change, `erased` when one is gone. What happened while the stream was away is " +
      "not told: ask for the list whenever it opens.",
    answers,
    refusals: ["too_many_watchers"],
    handle(call) {
      const stream = open(call);
      if (stream) call.services.events.watchOwner(call.ownerId, stream);
    },
  });
  return [watchDocument, watchDocuments];
}

/** Ends it when the token expires with which it was opened: the client opens it anew, with a fresh one. */
function endAt(stream: EventStream, atMs: number): void {
  const timer = setTimeout(() => stream.end(), Math.min(Math.max(atMs - Date.now(), 0), maxTimerMs));
  stream.onClose(() => clearTimeout(timer));
}

/** @throws QuireError `invalid_request` */
function lastEventId(request: Request): number {
  const given = request.get("Last-Event-ID");
  if (given === undefined || given === "") return 0;
  if (/^\d{1,10}$/.test(given) && Number(given) <= maxRevision) return Number(given);
  throw new QuireError("invalid_request", "The header Last-Event-ID must be the id of an event.");
}

function tooMany(): QuireError {
  return new QuireError(
    "too_many_watchers",
    "As many streams of events are open as there may be. Close some, or ask now and then instead.",
  );
}
