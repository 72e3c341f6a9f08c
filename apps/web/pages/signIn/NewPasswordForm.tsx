import { AuthForm } from "./AuthForm.tsx";
import { Field } from "./Field.tsx";
import type { Session } from "./session.ts";
import { useAuthAction } from "./useAuthAction.ts";

interface Props {
  readonly session: Session;
  readonly email: string;
}

/** For whoever followed the link of a forgotten password. */
export function NewPasswordForm({ session, email }: Props) {
  const { isBusy, words, perform } = useAuthAction();

  async function submit(values: FormData): Promise<void> {
    const password = String(values.get("password"));
    if (await perform(() => session.auth.updateUser({ password }))) {
      session.endRecovery();
    }
  }

  return (
    <>
      <h1>Choose a new password</h1>
      <AuthForm
        label="Choose a new password"
        action="Save the password"
        busyAction="Saving…"
        isBusy={isBusy}
        words={words}
        onSubmit={(values) => void submit(values)}
      >
        <p className="muted">For {email}</p>
        {/* For password managers, which keep both together. */}
        <input type="text" name="email" value={email} autoComplete="username" readOnly hidden />
        <Field label="New password" name="password" type="password" autoComplete="new-password" />
      </AuthForm>
    </>
  );
}
