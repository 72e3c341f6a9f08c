import type { IncomingMessage } from "node:http";
import { localOwnerId, QuireError } from "@quire/core";
import { type Database, OwnedDocuments, type UserClaims } from "@quire/store";
import type { AccessTokens, SignedIn } from "./accessTokens.ts";

/** Whose request it is. */
export interface Caller {
  readonly ownerId: string;
  readonly documents: OwnedDocuments;
  /** Until when it may be answered, in milliseconds since 1970; null: for ever. */
  readonly expiresAtMs: number | null;
}

/** RFC 6750, section 2.1. A JWT has three parts (RFC 7515, section 7.1). */
const bearer = /^bearer +(\S+)$/i;

/** Who asks: whoever signed in, or where nobody does, the one local owner. */
export class Callers {
  readonly #database: Database;
  readonly #tokens: AccessTokens | null;
  readonly #known = new WeakMap<IncomingMessage, Caller>();

  /** @param tokens null: nobody signs in */
  constructor(database: Database, tokens: AccessTokens | null) {
    this.#database = database;
    this.#tokens = tokens;
  }

  get signsIn(): boolean {
    return this.#tokens !== null;
  }

  /** @throws QuireError `sign_in_required`, `token_expired`, `token_invalid`, `sign_in_unavailable` */
  async identify(request: IncomingMessage): Promise<Caller> {
    const caller = await this.#callerOf(request);
    this.#known.set(request, caller);
    return caller;
  }

  /** Of a request that has been identified. */
  ownerOf(request: IncomingMessage): string {
    const caller = this.#known.get(request);
    if (caller) return caller.ownerId;
    throw new Error("nobody has asked whose request it is");
  }

  /** An owner's documents where no request is at hand: what was begun is finished, and changes are looked up. */
  documentsOf(ownerId: string, claims: UserClaims = { sub: ownerId, role: "authenticated" }): OwnedDocuments {
    if (!this.signsIn) return new OwnedDocuments(this.#database, ownerId);
    return OwnedDocuments.ofUser(this.#database, claims);
  }

  async #callerOf({ headers }: IncomingMessage): Promise<Caller> {
    if (!this.#tokens)
      return { ownerId: localOwnerId, documents: this.documentsOf(localOwnerId), expiresAtMs: null };
    const { claims, expiresAtMs }: SignedIn = await this.#tokens.verify(tokenIn(headers.authorization));
    return { ownerId: claims.sub, documents: this.documentsOf(claims.sub, claims), expiresAtMs };
  }
}

function tokenIn(authorization: string | undefined): string {
  const token = bearer.exec(authorization ?? "")?.[1];
  if (token !== undefined) return token;
  throw new QuireError(
    "sign_in_required",
    "Sign in, and send the access token: Authorization: Bearer … /api/settings says where.",
  );
}
