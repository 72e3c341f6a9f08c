import type { Session } from "../database.ts";
import type { Store } from "./fixtures.ts";

export type Role = "anon" | "authenticated" | "service_role";
export type As = (statement: string, ...values: unknown[]) => Promise<Record<string, unknown>[]>;

/** Runs statements as Supabase does for a request of this role and user. */
export function asRole(store: Store, role: Role, userId?: string): As {
  return (statement, ...values) =>
    store.database.transaction(async (session) => {
      await become(session, role, userId);
      return session.query(statement, values);
    });
}

/** For the rest of the transaction. */
export async function become(session: Session, role: Role, userId?: string): Promise<void> {
  const claims = JSON.stringify({ role, sub: userId });
  await session.query("select set_config('request.jwt.claims', $1, true), set_config('role', $2, true)", [
    claims,
    role,
  ]);
}
