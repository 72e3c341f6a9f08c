import { type TestContext, test } from "node:test";
import { OwnedDocuments } from "../documents/ownedDocuments.ts";
import type { Store } from "./fixtures.ts";

export type DocumentsOf = (store: Store, ownerId: string) => OwnedDocuments;

const ways: Readonly<Record<string, DocumentsOf>> = {
  "as the service": (store, ownerId) => new OwnedDocuments(store.database, ownerId),
  "as the user": (store, ownerId) =>
    OwnedDocuments.ofUser(store.database, { sub: ownerId, role: "authenticated" }),
};

/** What must be the same, whether the service works on an owner's documents or the signed-in user. */
export function inBothWays(
  name: string,
  body: (t: TestContext, documentsOf: DocumentsOf) => Promise<void>,
): void {
  for (const [way, documentsOf] of Object.entries(ways))
    test(`${name} (${way})`, (t) => body(t, documentsOf));
}
