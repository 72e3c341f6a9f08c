import { use, useState } from "react";
import { ConfirmDialog } from "../parts/ConfirmDialog.tsx";
import { useUploads } from "../uploads/UploadsContext.ts";
import { isUnfinished } from "../uploads/upload.ts";
import { counted } from "../wording/sizes.ts";
import { AccountContext } from "./AccountContext.ts";

/** Who is signed in, and the way out; nothing where nobody signs in. */
export function AccountButtons() {
  const account = use(AccountContext);
  const unfinished = useUploads().filter(isUnfinished).length;
  const [isAsking, setAsking] = useState(false);
  if (account === null) {
    return null;
  }
  return (
    <div className="header-account">
      <span className="header-account-name muted small" title={account.email}>
        {account.email}
      </span>
      <button
        type="button"
        className="button button-quiet"
        onClick={() => (unfinished > 0 ? setAsking(true) : account.signOut())}
      >
        Sign out
      </button>
      {isAsking ? (
        <ConfirmDialog
          title="Sign out now?"
          action="Sign out"
          isDangerous
          onConfirm={account.signOut}
          onClose={() => setAsking(false)}
        >
          <p>
            {counted(unfinished, "upload is", "uploads are")} not finished. Signing out gives them up, so that
            nothing of them stays on this computer.
          </p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
