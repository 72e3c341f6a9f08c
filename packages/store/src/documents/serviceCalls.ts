import { type DocumentStatus, QuireError } from "@quire/core";
import type { Statements } from "../database.ts";
import {
  type PagesWanted,
  type PossiblePage,
  possiblePageColumns,
  wantedValues,
} from "../search/findPages.ts";
import { assertThere } from "./assertThere.ts";
import { Documents } from "./documents.ts";
import { type ErasedFiles, type OwnerCalls, type OwnNewDocument, standingColumns } from "./ownerCalls.ts";
import type { Standing } from "./standing.ts";

/** The functions that the service calls in an owner's name. */
export class ServiceCalls implements OwnerCalls {
  readonly #database: Statements;
  readonly #ownerId: string;
  readonly #documents: Documents;

  constructor(database: Statements, ownerId: string) {
    this.#database = database;
    this.#ownerId = ownerId;
    this.#documents = new Documents(database);
  }

  async add(document: OwnNewDocument): Promise<string> {
    const { id } = await this.#documents.add({ ...document, ownerId: this.#ownerId });
    return id;
  }

  async assertRoom(): Promise<void> {
    await this.#database.query("select quire.assert_room($1)", [this.#ownerId]);
  }

  cancel(id: string): Promise<DocumentStatus> {
    return this.#ifThere(id, () => this.#documents.cancel(id));
  }

  redrive(id: string): Promise<void> {
    return this.#ifThere(id, () => this.#documents.redrive(id));
  }

  reprocess(id: string): Promise<void> {
    return this.#ifThere(id, () => this.#documents.reprocess(id));
  }

  async erase(id: string): Promise<ErasedFiles | null> {
    const [row] = await this.#database.query<ErasedFiles>("select * from quire.erase_document($1, $2)", [
      this.#ownerId,
      id,
    ]);
    return row ?? null;
  }

  standing(ids: readonly string[]): Promise<(Standing & { id: string })[]> {
    return this.#database.query(`select ${standingColumns} from quire.standing_of($1, $2) s`, [
      this.#ownerId,
      ids,
    ]);
  }

  findPages(wanted: PagesWanted): Promise<PossiblePage[]> {
    return this.#database.query(
      `select ${possiblePageColumns} from quire.find_pages($1, $2, $3, $4, $5, $6, $7) found`,
      [this.#ownerId, ...wantedValues(wanted)],
    );
  }

  /** A document never changes its owner, so whose it is may be asked first. It may be erased in between. */
  async #ifThere<Result>(id: string, act: () => Promise<Result>): Promise<Result> {
    await assertThere(this.#database, this.#ownerId, id);
    try {
      return await act();
    } catch (error) {
      if (error instanceof QuireError && error.code === "document_not_found")
        await assertThere(this.#database, this.#ownerId, id);
      throw error;
    }
  }
}
