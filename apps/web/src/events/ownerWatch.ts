import { type DocumentStatus, QuireError } from "@quire/core";
import type { DocumentSummary, OwnedDocuments, Standing } from "@quire/store";
import { documentAnswer } from "../api/answers.ts";
import { maxListed, maxPending, maxUnsentBytes } from "./bounds.ts";
import { type EncodedEvent, type EventStream, encodeEvent } from "./eventStream.ts";
import { isActive } from "./isActive.ts";
import type { Lookup } from "./lookups.ts";

/** All documents of an owner, and those who watch them: each change is looked up once, and told to everybody. */
export class OwnerWatch implements Lookup {
  readonly #documents: OwnedDocuments;
  readonly #streams = new Set<EventStream>();
  readonly #changed = new Set<string>();
  /** Of the documents in a list's first part and those being read: what was told of them last. */
  #told = new Map<string, EncodedEvent>();
  #isListDue = false;

  constructor(documents: OwnedDocuments) {
    this.#documents = documents;
  }

  get streams(): Iterable<EventStream> {
    return this.#streams;
  }

  get isWatched(): boolean {
    return this.#streams.size > 0;
  }

  get isBehind(): boolean {
    return this.#changed.size > 0;
  }

  add(stream: EventStream): void {
    this.#streams.add(stream);
  }

  remove(stream: EventStream): void {
    this.#streams.delete(stream);
  }

  /** One of the documents has changed. */
  changed(id: string): void {
    this.#changed.add(id);
    if (this.#changed.size <= maxPending) return;
    this.#changed.clear();
    for (const stream of this.#streams) stream.end();
  }

  /** Changes may have been missed, or estimates be old: the next lookup is of the list, too. */
  listIsDue(): void {
    this.#isListDue = true;
  }

  async look(): Promise<void> {
    const ids = [...this.#changed].slice(0, maxListed);
    const isListDue = this.#isListDue;
    // What changes again from here on is looked up again.
    for (const id of ids) this.#changed.delete(id);
    this.#isListDue = false;
    try {
      await this.#lookUp(ids, isListDue);
    } catch (error) {
      for (const id of ids) this.#changed.add(id);
      this.#isListDue ||= isListDue;
      throw error;
    }
  }

  async #lookUp(ids: readonly string[], isListDue: boolean): Promise<void> {
    // One after the other: the database has other things to answer, too.
    const looked: (DocumentSummary | null)[] = [];
    for (const id of ids) looked.push(await this.#find(id));
    const listed = isListDue ? await this.#list() : [];
    const found = new Map(
      [...looked.filter((each) => each !== null), ...listed].map((each) => [each.id, each]),
    );
    const standings = await this.#documents.standing(
      [...found.values()].filter(isActive).map(({ id }) => id),
    );
    for (const [index, id] of ids.entries())
      if (looked[index] === null) this.#send(encodeEvent("erased", { id }));
    if (isListDue) this.#forgetBut(listed);
    for (const document of found.values()) this.#tell(document, standings.get(document.id));
  }

  #tell(document: DocumentSummary, standing: Standing | undefined): void {
    const event = encodeEvent("document", documentAnswer(document, standing));
    if (this.#told.get(document.id) === event) return;
    if (this.#told.has(document.id) || this.#told.size < 2 * maxListed) this.#told.set(document.id, event);
    this.#send(event);
  }

  #send(event: EncodedEvent): void {
    for (const stream of this.#streams) {
      stream.send(event);
      // It comes back, and begins anew with the list.
      if (stream.unsentBytes > maxUnsentBytes) stream.cut();
    }
  }

  async #list(): Promise<DocumentSummary[]> {
    const of = async (status?: DocumentStatus) => {
      const { documents } = await this.#documents.list({ status, limit: maxListed });
      return documents;
    };
    return [...(await of()), ...(await of("processing"))];
  }

  #forgetBut(listed: readonly DocumentSummary[]): void {
    const kept = new Set(listed.map(({ id }) => id));
    this.#told = new Map([...this.#told].filter(([id]) => kept.has(id)));
  }

  async #find(id: string): Promise<DocumentSummary | null> {
    try {
      return await this.#documents.get(id);
    } catch (error) {
      if (error instanceof QuireError && ["document_erased", "document_not_found"].includes(error.code))
        return null;
      throw error;
    }
  }
}
