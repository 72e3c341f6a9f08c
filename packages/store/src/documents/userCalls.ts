import type { DocumentStatus } from "@quire/core";
import type { Statements } from "../database.ts";
import {
  type PagesWanted,
  type PossiblePage,
  possiblePageColumns,
  wantedValues,
} from "../search/findPages.ts";
import { type ErasedFiles, type OwnerCalls, type OwnNewDocument, standingColumns } from "./ownerCalls.ts";
import type { Standing } from "./standing.ts";

/** The functions that a signed-in user may call: each asks the database who that is. */
export class UserCalls implements OwnerCalls {
  readonly #user: Statements;

  /** @param user as `Database.asUser` gives it */
  constructor(user: Statements) {
    this.#user = user;
  }

  async add({
    id,
    filename,
    storageKey,
    sizeBytes,
    sha256,
    options,
    force,
  }: OwnNewDocument): Promise<string> {
    const [row] = await this.#user.query<{ id: string }>(
      "select public.add_document($1, $2, $3, $4, $5, $6, $7) as id",
      [id, filename, storageKey, sizeBytes, sha256, options, force ?? false],
    );
    return row?.id ?? id;
  }

  async assertRoom(): Promise<void> {
    await this.#user.query("select public.assert_queue_room()");
  }

  async cancel(id: string): Promise<DocumentStatus> {
    const [row] = await this.#user.query<{ status: DocumentStatus }>(
      "select public.cancel_document($1) as status",
      [id],
    );
    return row?.status as DocumentStatus;
  }

  async redrive(id: string): Promise<void> {
    await this.#user.query("select public.retry_document($1)", [id]);
  }

  async reprocess(id: string): Promise<void> {
    await this.#user.query("select public.reprocess_document($1)", [id]);
  }

  async erase(id: string): Promise<ErasedFiles | null> {
    const [row] = await this.#user.query<ErasedFiles>("select * from public.erase_document($1)", [id]);
    return row ?? null;
  }

  standing(ids: readonly string[]): Promise<(Standing & { id: string })[]> {
    return this.#user.query(`select ${standingColumns} from public.queue_standing($1) s`, [ids]);
  }

  findPages(wanted: PagesWanted): Promise<PossiblePage[]> {
    return this.#user.query(
      `select ${possiblePageColumns} from quire.find_own_pages($1, $2, $3, $4, $5, $6) found`,
      wantedValues(wanted),
    );
  }
}
