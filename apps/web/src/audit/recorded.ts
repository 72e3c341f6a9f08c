import { randomUUID } from "node:crypto";
import { type Access, onRequest } from "@quire/store";
import type { Asked } from "../routes/route.ts";
import type { Caller } from "../signIn/callers.ts";

/**
 * What an operation is to the audit log: an access, logged here; a change, which the database logs by itself and in
 * whose transaction this says on which request; or nothing that anybody would ask about.
 */
export type Audited = Access | "change" | "nothing";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Has an operation answer, once it is logged: what cannot be logged is not answered, and as the log lies where the
 * documents do, that is only while those cannot be read either.
 *
 * @throws QuireError `database_unavailable`; what the operation throws
 */
export async function recorded(
  audited: Audited,
  asked: Asked<unknown> & Partial<Caller>,
  handle: () => Promise<void> | void,
): Promise<void> {
  if (audited === "nothing") return handle();
  const requestId = randomUUID();
  asked.response.set("Request-Id", requestId);
  if (audited === "change") return onRequest(requestId, handle);
  const { ownerId = null } = asked;
  const documentId = documentIn(asked);
  // Of what is no id there is no document, as the operation will say.
  if (documentId === null || uuid.test(documentId))
    await asked.services.audit.access({
      ownerId,
      documentId: documentId?.toLowerCase() ?? null,
      actor: ownerId ?? "operator",
      action: audited,
      requestId,
    });
  return handle();
}

/** Which document is asked about: in the path, or as a parameter. */
function documentIn({ request, query }: Asked<unknown>): string | null {
  const { id } = request.params;
  const { document } = query as { document?: unknown };
  return typeof id === "string" ? id : typeof document === "string" ? document : null;
}
