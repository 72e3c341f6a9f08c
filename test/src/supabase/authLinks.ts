import { createHash, randomBytes, randomUUID } from "node:crypto";
import { AuthError } from "./authAnswers.ts";

export type LinkType = "magiclink" | "signup" | "recovery";

/** A mail that was sent. */
export interface AuthMail {
  readonly to: string;
  readonly type: LinkType;
  readonly link: string;
}

/** What following a link comes to. */
export type Followed =
  | { readonly kind: "session"; readonly email: string; readonly type: LinkType; readonly target: URL }
  | { readonly kind: "code"; readonly email: string; readonly target: URL }
  | { readonly kind: "over"; readonly target: URL };

interface Flow {
  readonly email: string;
  readonly challenge: string;
}

/** The links in mails, and what a browser that asked for one exchanges its code with. */
export class AuthLinks {
  /** In the order in which they were sent. */
  readonly mails: AuthMail[] = [];
  readonly #address: string;
  readonly #open = new Map<string, { readonly mail: AuthMail; readonly challenge: string | null }>();
  readonly #flows = new Map<string, Flow>();

  constructor(address: string) {
    this.#address = address;
  }

  send(type: LinkType, to: string, challenge: string | null | undefined, redirectTo: string | null): void {
    const token = `${challenge ? "pkce_" : ""}${randomBytes(28).toString("hex")}`;
    const query = new URLSearchParams({ token, type, redirect_to: redirectTo ?? "http://127.0.0.1/" });
    const mail = { to, type, link: `${this.#address}/verify?${query}` };
    this.mails.push(mail);
    this.#open.set(token, { mail, challenge: challenge ?? null });
  }

  /** @returns the newest link that was sent to an address */
  newest(to: string): string {
    const mail = this.mails.findLast((each) => each.to === to);
    if (!mail) throw new Error("no mail was sent to that address");
    return mail.link;
  }

  follow({ searchParams }: URL): Followed {
    const token = searchParams.get("token") ?? "";
    const target = new URL(searchParams.get("redirect_to") ?? "");
    const open = this.#open.get(token);
    this.#open.delete(token);
    if (!open) return { kind: "over", target: asOver(target, token.startsWith("pkce_")) };
    const { mail, challenge } = open;
    if (challenge === null) return { kind: "session", email: mail.to, type: mail.type, target };
    const code = randomUUID();
    this.#flows.set(code, { email: mail.to, challenge });
    target.searchParams.set("code", code);
    return { kind: "code", email: mail.to, target };
  }

  /** @returns whose the code is @throws AuthError */
  exchange(code: string, verifier: string): string {
    const flow = this.#flows.get(code);
    if (!flow)
      throw new AuthError(404, "flow_state_not_found", "invalid flow state, no valid flow state found");
    const challenge = createHash("sha256").update(`${verifier}`).digest("base64url");
    if (challenge !== flow.challenge)
      throw new AuthError(
        400,
        "bad_code_verifier",
        "code challenge does not match previously saved code verifier",
      );
    this.#flows.delete(code);
    return flow.email;
  }
}

function asOver(target: URL, hasChallenge: boolean): URL {
  const error = {
    error: "access_denied",
    error_code: "otp_expired",
    error_description: "Email link is invalid or has expired",
  };
  if (hasChallenge) for (const [name, value] of Object.entries(error)) target.searchParams.set(name, value);
  target.hash = `${new URLSearchParams(error)}`;
  return target;
}
