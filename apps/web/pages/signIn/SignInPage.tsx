import type { AuthError } from "@supabase/supabase-js";
import { useState } from "react";
import { Note } from "../parts/Note.tsx";
import { AuthForm } from "./AuthForm.tsx";
import { authWords } from "./authWords.ts";
import { Field } from "./Field.tsx";
import { KeepSignedIn } from "./KeepSignedIn.tsx";
import type { Session, SignInPlace, User } from "./session.ts";
import { useAuthAction } from "./useAuthAction.ts";
import { useIsSignUpOpen } from "./useIsSignUpOpen.ts";
import { type Way, waysIn } from "./ways.ts";

interface Props {
  readonly session: Session;
  readonly place: SignInPlace;
  /** Whose session has ended by itself. */
  readonly ended: User | null;
  readonly linkError: AuthError | null;
}

/** The ways in: password, link, and where the project allows it a new account. */
export function SignInPage({ session, place, ended, linkError }: Props) {
  const [way, setWay] = useState<Way>("password");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [isKept, setKept] = useState(session.isKept);
  const { isBusy, words, perform, forget } = useAuthAction();
  const isSignUpOpen = useIsSignUpOpen(place);
  const { label, password, sent, take, ...buttons } = waysIn[way];
  const others = (Object.keys(waysIn) as Way[]).filter(
    (each) => each !== way && (each !== "signUp" || isSignUpOpen),
  );

  async function submit(values: FormData): Promise<void> {
    const email = String(values.get("email")).trim();
    session.keep(isKept);
    const isDone = await perform(() =>
      take(session.auth, { email, password: String(values.get("password")) }),
    );
    setSentTo(isDone && sent !== null ? email : null);
  }

  return (
    <>
      <h1>Sign in to Quire</h1>
      <Reason ended={ended} linkError={linkError} />
      <AuthForm
        {...buttons}
        label={label}
        isBusy={isBusy}
        words={words}
        onSubmit={(values) => void submit(values)}
      >
        {way === "password" ? null : <h2>{label}</h2>}
        <Field
          label="Email address"
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={ended?.email ?? ""}
        />
        {password === null ? null : (
          <Field key={way} label="Password" name="password" type="password" autoComplete={password} />
        )}
        {way === "forgotten" ? null : <KeepSignedIn isKept={isKept} onChange={setKept} />}
      </AuthForm>
      <div role="status">
        {sentTo === null ? null : (
          <Note title={`Look into the mail of ${sentTo}`}>
            <p>{sent}</p>
          </Note>
        )}
      </div>
      <ul className="sign-in-other" aria-label="Other ways">
        {others.map((other) => (
          <li key={other}>
            <button
              type="button"
              className="button button-quiet"
              onClick={() => {
                forget();
                setSentTo(null);
                setWay(other);
              }}
            >
              {waysIn[other].offer}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Why somebody is asked to sign in who may not have expected it. */
function Reason({ ended, linkError }: Pick<Props, "ended" | "linkError">) {
  return (
    <div role="alert">
      {linkError === null ? null : (
        <Note tone="bad" title="The link did not sign you in.">
          <p>{authWords(linkError)}</p>
        </Note>
      )}
      {ended === null ? null : (
        <Note tone="warning" title="Your session has ended.">
          <p>Sign in again to go on where you were. Uploads that were under way go on as well.</p>
        </Note>
      )}
    </div>
  );
}
