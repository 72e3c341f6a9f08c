import { randomBytes, randomUUID } from "node:crypto";
import { AuthError } from "./authAnswers.ts";

export interface AuthUser {
  readonly id: string;
  readonly email: string;
  /** Null: signs in by links alone. */
  password: string | null;
  isConfirmed: boolean;
  readonly createdAt: string;
}

export interface AuthSession {
  readonly id: string;
  readonly user: AuthUser;
  /** The one that is good. */
  refreshToken: string;
  /** The one before, and when it was used. */
  previous: { readonly token: string; readonly atMs: number } | null;
}

const minPasswordCharacters = 6;
/** How long the answer to a refresh may be asked for again: GOTRUE_SECURITY_REFRESH_TOKEN_REUSE_INTERVAL. */
const reuseMs = 10_000;

/** Who may sign in, and who has. */
export class AuthAccounts {
  readonly #users = new Map<string, AuthUser>();
  readonly #sessions = new Map<string, AuthSession>();
  /** Refresh tokens that were ever given, and of which session. */
  readonly #given = new Map<string, string>();

  /** Adds somebody who has confirmed the address. */
  add(email: string, password: string | null, isConfirmed = true): AuthUser {
    const user = { id: randomUUID(), email, password, isConfirmed, createdAt: new Date().toISOString() };
    this.#users.set(email, user);
    return user;
  }

  find(email: string): AuthUser | undefined {
    return this.#users.get(email);
  }

  signUp(email: string, password: string): AuthUser {
    assertStrong(password);
    const known = this.find(email);
    // Of an account that is there already nothing is told: the answer is that of a new one.
    if (known) return { ...known, id: randomUUID(), isConfirmed: false };
    return this.add(email, password, false);
  }

  signIn(email: string, password: string): AuthSession {
    const user = this.find(email);
    if (!user || user.password === null || user.password !== password)
      throw new AuthError(400, "invalid_credentials", "Invalid login credentials");
    if (!user.isConfirmed) throw new AuthError(400, "email_not_confirmed", "Email not confirmed");
    return this.begin(email);
  }

  confirm(email: string): void {
    const user = this.find(email);
    if (user) user.isConfirmed = true;
  }

  /** Begins a session of somebody who has shown who they are. */
  begin(email: string): AuthSession {
    const user = this.find(email);
    if (!user) throw new AuthError(404, "user_not_found", "User not found");
    user.isConfirmed = true;
    const session = { id: randomUUID(), user, refreshToken: "", previous: null };
    this.#sessions.set(session.id, session);
    this.#rotate(session);
    return session;
  }

  refresh(token: string): AuthSession {
    const session = this.#sessions.get(this.#given.get(token) ?? "");
    if (!session)
      throw new AuthError(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found");
    if (token === session.refreshToken) {
      session.previous = { token, atMs: Date.now() };
      this.#rotate(session);
      return session;
    }
    if (session.previous?.token === token && Date.now() - session.previous.atMs <= reuseMs) return session;
    this.#sessions.delete(session.id);
    throw new AuthError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used");
  }

  session(id: string): AuthSession {
    const session = this.#sessions.get(id);
    if (session) return session;
    throw new AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist");
  }

  changePassword(user: AuthUser, password: string): void {
    assertStrong(password);
    if (user.password === password)
      throw new AuthError(422, "same_password", "New password should be different from the old password.");
    user.password = password;
  }

  signOut(session: AuthSession, scope: string): void {
    for (const each of [...this.#sessions.values()]) {
      const isThis = each.id === session.id;
      const ends = scope === "local" ? isThis : scope === "others" ? !isThis : true;
      if (each.user === session.user && ends) this.#sessions.delete(each.id);
    }
  }

  /** Ends every session, as an operator does, or a limit on their time. */
  endSessions(): void {
    this.#sessions.clear();
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** A user as every answer has one. */
  describe({ id, email, isConfirmed, createdAt }: AuthUser): object {
    const confirmed = isConfirmed ? { email_confirmed_at: createdAt, confirmed_at: createdAt } : {};
    const metadata = { app_metadata: { provider: "email", providers: ["email"] }, user_metadata: {} };
    const times = { created_at: createdAt, updated_at: createdAt, ...confirmed };
    return {
      ...{ id, aud: "authenticated", role: "authenticated", email, phone: "" },
      ...{ ...times, ...metadata, identities: [], is_anonymous: false },
    };
  }

  #rotate(session: AuthSession): void {
    session.refreshToken = randomBytes(9).toString("base64url");
    this.#given.set(session.refreshToken, session.id);
  }
}

function assertStrong(password: string): void {
  if (typeof password === "string" && password.length >= minPasswordCharacters) return;
  const message = `Password should be at least ${minPasswordCharacters} characters.`;
  throw new AuthError(422, "weak_password", message, { weak_password: { reasons: ["length"] } });
}
