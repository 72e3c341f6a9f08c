import { describeError, type Logger } from "@quire/core/log";
import { Periodically } from "@quire/core/periodically";
import { DocumentChanges, type OwnedDocuments } from "@quire/store";
import { pingEverySeconds, refreshEverySeconds } from "./bounds.ts";
import { DocumentWatch } from "./documentWatch.ts";
import type { EventStream } from "./eventStream.ts";
import { isActive } from "./isActive.ts";
import { type Lookup, Lookups } from "./lookups.ts";
import { OwnerWatch } from "./ownerWatch.ts";

interface Watched<Watch> {
  readonly ownerId: string;
  readonly watch: Watch;
  readonly unsubscribe: () => void;
}

/**
 * Brings changes to those who watch: the database tells which document has changed, what has changed is looked up once,
 * and everybody is told what is new to them. Every few seconds all that is watched is compared with the database, so
 * that a change nobody told of is late, and not lost.
 */
export class EventHub {
  readonly #documentsOf: (ownerId: string) => OwnedDocuments;
  readonly #changes: DocumentChanges;
  readonly #lookups: Lookups;
  readonly #documents = new Map<string, Watched<DocumentWatch>>();
  readonly #owners = new Map<string, Watched<OwnerWatch>>();
  readonly #refresh: Periodically;
  readonly #pings: NodeJS.Timeout;

  constructor(databaseUrl: string, documentsOf: (ownerId: string) => OwnedDocuments, log: Logger) {
    this.#documentsOf = documentsOf;
    this.#changes = new DocumentChanges(databaseUrl);
    this.#lookups = new Lookups((error) =>
      log.warn(
        { error: describeError(error) },
        "a change could not be looked up, and is when it is next compared",
      ),
    );
    this.#refresh = new Periodically("events", refreshEverySeconds, () => this.refresh(), log);
    this.#refresh.start();
    this.#pings = setInterval(() => this.#ping(), pingEverySeconds * 1000);
  }

  /** @param revision up to which the client knows the document and its pages */
  watchDocument(ownerId: string, id: string, stream: EventStream, revision: number): void {
    const watched = this.#documents.get(id) ?? this.#watchDocument(ownerId, id);
    const { watch } = watched;
    watch.add(stream, revision);
    stream.onDrain(() => this.#lookIfBehind(watch));
    stream.onClose(() => {
      watch.remove(stream);
      if (!watch.isWatched) forget(this.#documents, id);
    });
    this.#lookups.add(watch);
  }

  watchOwner(ownerId: string, stream: EventStream): void {
    const { watch } = this.#owners.get(ownerId) ?? this.#watchOwner(ownerId);
    watch.add(stream);
    stream.onClose(() => {
      watch.remove(stream);
      if (!watch.isWatched) forget(this.#owners, ownerId);
    });
  }

  /** Compares all that is watched with the database, and tells how long it will take. */
  async refresh(): Promise<void> {
    for (const { watch } of this.#owners.values()) {
      watch.listIsDue();
      this.#lookups.add(watch);
    }
    const byOwner = Map.groupBy(this.#documents.values(), ({ ownerId }) => ownerId);
    for (const [ownerId, watched] of byOwner) {
      const watches = watched.map(({ watch }) => watch);
      await this.#refreshDocuments(ownerId, watches);
    }
  }

  /** Ends every stream, so that the clients come back to whoever is there then. */
  endStreams(): void {
    this.#lookups.close();
    for (const stream of this.#streams()) stream.end();
  }

  async close(): Promise<void> {
    this.endStreams();
    clearInterval(this.#pings);
    await this.#refresh.stop();
    await this.#changes.close();
  }

  async #refreshDocuments(ownerId: string, watches: readonly DocumentWatch[]): Promise<void> {
    const documents = this.#documentsOf(ownerId);
    const revisions = await documents.revisions(watches.map(({ id }) => id));
    const active = watches.filter(({ document }) => document && isActive(document));
    const standings = await documents.standing(active.map(({ id }) => id));
    for (const watch of active) watch.refresh(standings.get(watch.id));
    for (const watch of watches)
      if (watch.document?.revision !== revisions.get(watch.id)) this.#lookups.add(watch);
  }

  #watchDocument(ownerId: string, id: string): Watched<DocumentWatch> {
    const watch = new DocumentWatch(id, this.#documentsOf(ownerId));
    const look = () => this.#lookups.add(watch);
    const unsubscribe = this.#changes.subscribe({ ownerId, documentId: id }, look, look);
    const watched = { ownerId, watch, unsubscribe };
    this.#documents.set(id, watched);
    return watched;
  }

  #watchOwner(ownerId: string): Watched<OwnerWatch> {
    const watch = new OwnerWatch(this.#documentsOf(ownerId));
    const look = () => this.#lookups.add(watch);
    const unsubscribe = this.#changes.subscribe(
      { ownerId },
      (id) => {
        watch.changed(id);
        look();
      },
      () => {
        watch.listIsDue();
        look();
      },
    );
    const watched = { ownerId, watch, unsubscribe };
    this.#owners.set(ownerId, watched);
    return watched;
  }

  #lookIfBehind(watch: Lookup): void {
    if (watch.isBehind) this.#lookups.add(watch);
  }

  #ping(): void {
    for (const stream of this.#streams()) stream.ping();
  }

  *#streams(): Generator<EventStream, void, void> {
    for (const { watch } of [...this.#documents.values(), ...this.#owners.values()])
      yield* [...watch.streams];
  }
}

function forget<Watch>(all: Map<string, Watched<Watch>>, key: string): void {
  all.get(key)?.unsubscribe();
  all.delete(key);
}
