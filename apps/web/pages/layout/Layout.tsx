import { useEffect, useRef } from "react";
import { Outlet, useLocation } from "react-router";
import { Announcer } from "./Announcer.tsx";
import { ConnectionBanner } from "./ConnectionBanner.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { Header } from "./Header.tsx";
import { useNoStrayDrops } from "./useNoStrayDrops.ts";
import "./Layout.css";

/** What all pages have in common. Going to another page moves the focus to its content, as a fresh page would. */
export function Layout() {
  const { pathname } = useLocation();
  useNoStrayDrops();
  const main = useRef<HTMLElement>(null);
  const shownPath = useRef(pathname);
  useEffect(() => {
    if (shownPath.current !== pathname) {
      shownPath.current = pathname;
      window.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
  }, [pathname]);

  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <Header />
      <ConnectionBanner />
      <main id="content" className="content" ref={main} tabIndex={-1}>
        <ErrorBoundary key={pathname}>
          <Outlet />
        </ErrorBoundary>
      </main>
      <Announcer />
    </>
  );
}
