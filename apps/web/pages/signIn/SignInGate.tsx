import { useMemo } from "react";
import { AtWork } from "../AtWork.tsx";
import type { SettingsAnswer } from "../api/answers.ts";
import { type Account, AccountContext } from "../layout/AccountContext.ts";
import { useWatched } from "../parts/useWatched.ts";
import { NewPasswordForm } from "./NewPasswordForm.tsx";
import { openSignIn, type SignIn } from "./openSignIn.ts";
import { SignInLayout } from "./SignInLayout.tsx";
import { SignInPage } from "./SignInPage.tsx";
import type { SignInPlace } from "./session.ts";

/** One for all that is ever shown: two of them would take the session out of each other's hands. */
let opened: SignIn | null = null;

interface Props {
  readonly settings: SettingsAnswer;
}

/** The pages for whoever is signed in, and for everybody else the way in, at whatever address they came to. */
export default function SignInGate({ settings }: Props) {
  const place = settings.signIn;
  if (place === null) {
    throw new Error("Nobody signs in here.");
  }
  opened ??= openSignIn(settings, place);
  return <SignInStates signIn={opened} place={place} />;
}

interface StatesProps {
  readonly signIn: SignIn;
  readonly place: SignInPlace;
}

function SignInStates({ signIn: { session, workplace: ofUser }, place }: StatesProps) {
  const state = useWatched(session.state);
  const workplace = useWatched(ofUser);
  const email = state.kind === "signedIn" ? state.user.email : "";
  const account: Account = useMemo(
    () => ({ email, signOut: () => void session.signOut() }),
    [email, session],
  );
  switch (state.kind) {
    case "starting":
      return null;
    case "signedIn":
      return workplace === null ? null : (
        <AccountContext value={account}>
          <AtWork workplace={workplace} />
        </AccountContext>
      );
    case "newPassword":
      return (
        <SignInLayout title="Choose a new password">
          <NewPasswordForm session={session} email={state.user.email} />
        </SignInLayout>
      );
    case "signedOut":
      return (
        <SignInLayout title="Sign in">
          <SignInPage session={session} place={place} ended={state.ended} linkError={state.linkError} />
        </SignInLayout>
      );
  }
}
