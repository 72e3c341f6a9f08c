/**
 * A stand-in for Supabase Auth (GoTrue 2.18x) as a project's address serves it, behind its gateway. It follows:
 *
 * - openapi.yaml of supabase/auth: `POST /token` (password, refresh_token, pkce), `POST /signup`, `POST /otp`,
 *   `POST /recover`, `GET /verify`, `GET` and `PUT /user`, `POST /logout?scope=`, `GET /settings`,
 *   `GET /.well-known/jwks.json`; in each only what has to do with an email address and a password;
 * - "Sessions" of Supabase's documentation: an access token names its session; a refresh token is good for once, and
 *   its last one once more within ten seconds; a used one that comes later ends the session;
 * - "PKCE flow": a link that was asked for with a challenge leads back with `?code=`, which its verifier is
 *   exchanged with, once; one without leads back with the session in the fragment; one that is over, with an error;
 * - "Error codes": `{ code, message }` where the request says `X-Supabase-Api-Version: 2024-01-01`, else
 *   `{ code: status, error_code, msg }`;
 * - "JWT Signing Keys": ES256 with its public key in the JWKS, or HS256 by the legacy secret and an empty JWKS;
 * - the gateway: `apikey` is asked for but at `/verify` and the JWKS, and any origin may ask (CORS).
 *
 * Nothing else: no other providers, no second factors, no captcha, no administration, no expiry of links but by use.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { AuthAccounts, type AuthSession } from "./authAccounts.ts";
import { AuthError, answerError, answerJson, exposeHeaders, readJson } from "./authAnswers.ts";
import { AuthLinks } from "./authLinks.ts";
import { AuthTokens } from "./authTokens.ts";
import type { Project, Service } from "./supabase.ts";
import type { Claims } from "./tokens.ts";

/** What it does wrong on purpose, for the next so many requests for a path such as `/token`. */
export interface AuthFault {
  readonly path: string;
  readonly status: 429 | 500;
  times: number;
}

type Operation = (call: AuthCall) => Promise<unknown> | unknown;

interface AuthCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  // biome-ignore lint/suspicious/noExplicitAny: what somebody sent
  readonly body: any;
}

const seeOther = 303;
const openPaths = ["/verify", "/.well-known/jwks.json"];

export class AuthStandIn implements Service {
  readonly path = "/auth/v1";
  readonly accounts = new AuthAccounts();
  readonly tokens: AuthTokens;
  readonly links: AuthLinks;
  readonly faults: AuthFault[] = [];
  /** Whether the project lets people make an account by themselves. */
  isSignUpOpen = true;
  /** Addresses that were asked for, without what was sent. */
  readonly asked: string[] = [];
  readonly #anonKey: string;
  readonly #operations: Readonly<Record<string, Operation>>;

  private constructor({ url, anonKey }: Project, tokens: AuthTokens) {
    this.#anonKey = anonKey;
    this.tokens = tokens;
    this.links = new AuthLinks(`${url}${this.path}`);
    this.#operations = this.#listOperations();
  }

  /** @param signing with a key of its own (ES256), or with the project's legacy secret (HS256) */
  static async open(project: Project, signing: "ES256" | "HS256" = "ES256"): Promise<AuthStandIn> {
    const secret = signing === "HS256" ? project.jwtSecret : undefined;
    return new AuthStandIn(project, await AuthTokens.create(`${project.url}/auth/v1`, secret));
  }

  /** What a token of its own says; null where it is none, or has expired: for the other services. */
  claimsOf(token: string): Promise<Claims | null> {
    return this.tokens.claimsOf(token).catch(() => null);
  }

  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const path = url.pathname;
    exposeHeaders(response);
    this.asked.push(`${request.method} ${path}`);
    try {
      if (!openPaths.includes(path)) this.#assertKey(request);
      this.#failOnPurpose(path);
      const operation = this.#operations[`${request.method} ${path}`];
      if (!operation) throw new AuthError(404, "not_found", "404 page not found");
      const body = await readJson(request);
      const answer = await operation({ request, response, url, body });
      if (!response.headersSent) answerJson(response, 200, answer);
    } catch (error) {
      answerError(request, response, error);
    }
  }

  async close(): Promise<void> {}

  #listOperations(): Record<string, Operation> {
    const { accounts, links, tokens } = this;
    return {
      "POST /token": (call) => this.#token(call),
      "POST /signup": ({ body, url }) => {
        if (!this.isSignUpOpen)
          throw new AuthError(422, "signup_disabled", "Signups not allowed for this instance");
        const user = accounts.signUp(body.email, body.password);
        links.send("signup", user.email, body.code_challenge, url.searchParams.get("redirect_to"));
        return { ...accounts.describe(user), confirmation_sent_at: new Date().toISOString() };
      },
      "POST /otp": ({ body, url }) => {
        if (!accounts.find(body.email)) {
          if (body.create_user === false || !this.isSignUpOpen)
            throw new AuthError(422, "otp_disabled", "Signups not allowed for otp");
          accounts.add(body.email, null);
        }
        links.send("magiclink", body.email, body.code_challenge, url.searchParams.get("redirect_to"));
        return {};
      },
      "POST /recover": ({ body, url }) => {
        // Whether there is such an account is not told.
        if (accounts.find(body.email))
          links.send("recovery", body.email, body.code_challenge, url.searchParams.get("redirect_to"));
        return {};
      },
      "GET /verify": (call) => this.#verify(call),
      "GET /user": async (call) => accounts.describe((await this.#sessionOf(call)).user),
      "PUT /user": async (call) => {
        const { user } = await this.#sessionOf(call);
        accounts.changePassword(user, call.body.password);
        return accounts.describe(user);
      },
      "POST /logout": async (call) => {
        accounts.signOut(await this.#sessionOf(call), call.url.searchParams.get("scope") ?? "global");
        call.response.writeHead(204).end();
      },
      "GET /settings": () => ({
        external: { email: true, phone: false },
        disable_signup: !this.isSignUpOpen,
        mailer_autoconfirm: false,
      }),
      "GET /.well-known/jwks.json": () => ({ keys: tokens.publicKeys }),
    };
  }

  async #token({ url, body }: AuthCall): Promise<unknown> {
    switch (url.searchParams.get("grant_type")) {
      case "password":
        return this.#answerSession(this.accounts.signIn(body.email, body.password), "password");
      case "refresh_token":
        return this.#answerSession(this.accounts.refresh(body.refresh_token), "token_refresh");
      case "pkce": {
        const email = this.links.exchange(body.auth_code, body.code_verifier);
        return this.#answerSession(this.accounts.begin(email), "otp");
      }
      default:
        throw new AuthError(400, "validation_failed", "unsupported_grant_type");
    }
  }

  /** The link of a mail: leads back to where it was asked for. */
  async #verify({ url, response }: AuthCall): Promise<void> {
    const followed = this.links.follow(url);
    if (followed.kind === "session") {
      const answer = await this.#answerSession(this.accounts.begin(followed.email), "otp");
      const { access_token, refresh_token, expires_in, expires_at, token_type } = answer;
      const session = { access_token, refresh_token, token_type, type: followed.type };
      const fragment = new URLSearchParams({
        ...session,
        expires_in: `${expires_in}`,
        expires_at: `${expires_at}`,
      });
      followed.target.hash = `${fragment}`;
    } else if (followed.kind === "code") this.accounts.confirm(followed.email);
    response.writeHead(seeOther, { Location: followed.target.href }).end();
  }

  async #answerSession(session: AuthSession, method: string) {
    const { token, expiresAtSeconds } = await this.tokens.sign(session, method);
    return {
      access_token: token,
      token_type: "bearer",
      expires_in: this.tokens.lifetimeSeconds,
      expires_at: expiresAtSeconds,
      refresh_token: session.refreshToken,
      user: this.accounts.describe(session.user),
    };
  }

  async #sessionOf({ request }: AuthCall): Promise<AuthSession> {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined)
      throw new AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token");
    const claims = await this.tokens.claimsOf(token);
    return this.accounts.session(`${claims.session_id}`);
  }

  #assertKey({ headers }: IncomingMessage): void {
    if (headers.apikey !== this.#anonKey) throw new AuthError(401, null, "Invalid API key");
  }

  #failOnPurpose(path: string): void {
    const fault = this.faults.find((each) => each.path === path && each.times > 0);
    if (!fault) return;
    fault.times--;
    throw fault.status === 429
      ? new AuthError(429, "over_request_rate_limit", "Request rate limit reached")
      : new AuthError(500, "unexpected_failure", "Unexpected failure, please check server logs");
  }
}
