import type { ReactNode } from "react";
import { Announcer } from "../layout/Announcer.tsx";
import { useNoStrayDrops } from "../layout/useNoStrayDrops.ts";
import { usePageTitle } from "../layout/usePageTitle.ts";
import "../layout/Header.css";
import "../layout/Layout.css";
import "./SignIn.css";

/** What stands around the way in: nothing that leads to a page that cannot be shown. */
export function SignInLayout({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  usePageTitle(title);
  useNoStrayDrops();
  return (
    <>
      <header className="header">
        <span className="header-name">Quire</span>
      </header>
      <main className="content sign-in">{children}</main>
      <Announcer />
    </>
  );
}
