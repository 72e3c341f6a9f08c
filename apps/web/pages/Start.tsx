import { lazy, Suspense, useEffect, useState } from "react";
import { AtWork } from "./AtWork.tsx";
import type { SettingsAnswer } from "./api/answers.ts";
import { fetchSettings } from "./api/documents.ts";
import { queryKeys } from "./api/queryKeys.ts";
import { ErrorBoundary } from "./layout/ErrorBoundary.tsx";
import { ProblemNote } from "./parts/ProblemNote.tsx";
import { openWorkplace, type Workplace } from "./workplace.ts";

const SignInGate = lazy(() => import("./signIn/SignInGate.tsx"));

type Known =
  | { readonly kind: "open"; readonly workplace: Workplace }
  | { readonly kind: "signIn"; readonly settings: SettingsAnswer }
  | { readonly kind: "failed"; readonly error: Error };

/** Finds out whether people sign in here; where they do not, the pages are shown at once. */
export function Start() {
  const [known, setKnown] = useState<Known | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is made by asking anew
  useEffect(() => {
    const stop = new AbortController();
    find(stop.signal).then(
      (found) => {
        if (!stop.signal.aborted) setKnown(found);
        else if (found.kind === "open") found.workplace.close();
      },
      (error: Error) => {
        if (!stop.signal.aborted) setKnown({ kind: "failed", error });
      },
    );
    return () => stop.abort();
  }, [attempt]);

  if (known === null) {
    return null;
  }
  if (known.kind === "failed") {
    return (
      <main className="content column">
        <h1>Quire</h1>
        <ProblemNote title="Quire cannot be opened." error={known.error} />
        <button type="button" className="button" onClick={() => setAttempt(attempt + 1)}>
          Try again
        </button>
      </main>
    );
  }
  return known.kind === "open" ? (
    <AtWork workplace={known.workplace} />
  ) : (
    <ErrorBoundary>
      <Suspense>
        <SignInGate settings={known.settings} />
      </Suspense>
    </ErrorBoundary>
  );
}

async function find(signal: AbortSignal): Promise<Known> {
  const settings = await fetchSettings(signal);
  if (settings.signIn !== null) {
    return { kind: "signIn", settings };
  }
  const workplace = openWorkplace(null);
  workplace.client.setQueryData(queryKeys.settings, settings);
  return { kind: "open", workplace };
}
