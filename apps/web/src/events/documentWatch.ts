import { QuireError } from "@quire/core";
import type { DocumentSummary, OwnedDocuments, PageSummary, Standing } from "@quire/store";
import { documentAnswer, pageAnswer } from "../api/answers.ts";
import { type EncodedEvent, type EventStream, encodeEvent } from "./eventStream.ts";
import { isActive } from "./isActive.ts";
import type { Lookup } from "./lookups.ts";

/** Where a client is. */
interface Place {
  /** It knows every page up to this one. */
  revision: number;
  /** Of the document as it was last told; 0: it has not been told here. A page has the number that came with it. */
  documentRevision: number;
}

/** One document, and all who watch it: what changed is looked up once, and each is told what it does not know yet. */
export class DocumentWatch implements Lookup {
  readonly id: string;
  readonly #documents: OwnedDocuments;
  readonly #places = new Map<EventStream, Place>();
  #document: DocumentSummary | null = null;
  #standing: Standing | undefined;

  constructor(id: string, documents: OwnedDocuments) {
    this.id = id;
    this.#documents = documents;
  }

  /** As it was last seen; null before that. */
  get document(): DocumentSummary | null {
    return this.#document;
  }

  get streams(): Iterable<EventStream> {
    return this.#places.keys();
  }

  get isWatched(): boolean {
    return this.#places.size > 0;
  }

  /** @param revision up to which this client knows everything; 0: nothing */
  add(stream: EventStream, revision: number): void {
    this.#places.set(stream, { revision, documentRevision: 0 });
  }

  remove(stream: EventStream): void {
    this.#places.delete(stream);
  }

  /** Looks up what the hindmost client does not know, and tells everybody what is new to it. */
  async look(): Promise<void> {
    // Who comes while this is looked up may know less, and has its turn after it.
    const ready = [...this.#places].filter(([stream]) => !stream.isCongested && !stream.isClosed);
    if (ready.length === 0) return;
    const hindmost = Math.min(...ready.map(([, place]) => place.revision));
    const changes = await this.#documents.changesSince(this.id, hindmost).catch(nullIfGone);
    if (changes === null) return this.#tellErased();
    const { document, pages, hasMore } = changes;
    const hasMoved = document.status !== this.#document?.status;
    if (hasMoved) this.#standing = await this.#standingOf(document);
    this.#document = document;
    const ofPages = pages.map((page) => [page, this.#encodePage(page)] as const);
    const ofDocument = this.#encode(document.revision);
    for (const [stream, place] of ready) {
      stream.send(...ofPages.filter(([page]) => page.revision > place.revision).map(([, event]) => event));
      place.revision = Math.max(place.revision, pages.at(-1)?.revision ?? 0);
      if (!hasMore) tell(stream, place, document, ofDocument);
    }
  }

  /** Whether anybody is behind who would take more now. */
  get isBehind(): boolean {
    const revision = this.#document?.revision ?? Number.POSITIVE_INFINITY;
    return [...this.#places].some(
      ([stream, { documentRevision }]) => !stream.isCongested && documentRevision < revision,
    );
  }

  /** Tells how long it will take, where that has changed; that is no change of the document, and has no number. */
  refresh(standing: Standing | undefined): void {
    if (!this.#document || isSame(standing, this.#standing)) return;
    this.#standing = standing;
    const event = this.#encode();
    for (const [stream, place] of this.#places)
      if (place.documentRevision > 0 && !stream.isCongested) stream.send(event);
  }

  async #standingOf(document: DocumentSummary): Promise<Standing | undefined> {
    if (!isActive(document)) return undefined;
    return (await this.#documents.standing([this.id])).get(this.id);
  }

  #encodePage(page: PageSummary): EncodedEvent {
    return encodeEvent("page", pageAnswer(this.id, page), page.revision);
  }

  #encode(revision?: number): EncodedEvent {
    return encodeEvent(
      "document",
      documentAnswer(this.#document as DocumentSummary, this.#standing),
      revision,
    );
  }

  #tellErased(): void {
    const event = encodeEvent("erased", { id: this.id });
    for (const stream of this.#places.keys()) {
      stream.send(event);
      stream.end();
    }
  }
}

function tell(stream: EventStream, place: Place, document: DocumentSummary, event: EncodedEvent): void {
  if (document.revision <= place.documentRevision) return;
  stream.send(event);
  place.documentRevision = document.revision;
  place.revision = document.revision;
  if (isActive(document)) return;
  stream.send(encodeEvent("end", {}));
  stream.end();
}

function nullIfGone(error: unknown): null {
  if (error instanceof QuireError && ["document_erased", "document_not_found"].includes(error.code))
    return null;
  throw error;
}

function isSame(one: Standing | undefined, other: Standing | undefined): boolean {
  return one?.queuePosition === other?.queuePosition && one?.secondsLeft === other?.secondsLeft;
}
