import { putInForce } from "../api/access.ts";
import type { SettingsAnswer } from "../api/answers.ts";
import { queryKeys } from "../api/queryKeys.ts";
import { Watched } from "../parts/watched.ts";
import { openWorkplace, type Workplace } from "../workplace.ts";
import { Session, type User } from "./session.ts";
import { sessionAccess } from "./sessionAccess.ts";
import { supabaseSender } from "./supabaseSender.ts";

export interface SignIn {
  readonly session: Session;
  /** What the pages hold for whoever is signed in; null while nobody is. */
  readonly workplace: Watched<Workplace | null>;
}

/** Takes up the session there is, and gives each user a workplace that nobody else finds anything in. */
export function openSignIn(settings: SettingsAnswer, place: NonNullable<SettingsAnswer["signIn"]>): SignIn {
  const session = new Session(place);
  const workplace = new Watched<Workplace | null>(null);
  const access = sessionAccess(session);
  putInForce(access);

  const open = (user: User) => {
    const sender = place.uploads === "supabase" ? supabaseSender({ ...place, ownerId: user.id }) : null;
    const opened = openWorkplace({ id: user.id, sender });
    opened.client.setQueryData(queryKeys.settings, settings);
    return opened;
  };
  session.state.watch(() => {
    const state = session.state.value;
    const current = workplace.value;
    if (state.kind === "signedIn") {
      workplace.set(current ?? open(state.user));
    } else if (current !== null) {
      workplace.set(null);
      access.pictures.clear();
      // Who signs out leaves nothing; whose session ended by itself goes on with what was begun.
      if (state.kind === "signedOut" && state.ended === null) {
        void current.clear();
      } else {
        current.close();
      }
    }
  });
  void session.start();
  return { session, workplace };
}
