import { Link, NavLink } from "react-router";
import { AccountButtons } from "./AccountButtons.tsx";
import "./Header.css";

export function Header() {
  return (
    <header className="header">
      <Link to="/" className="header-name" aria-label="Quire, to the documents">
        Quire
      </Link>
      <nav aria-label="Main">
        <ul className="header-links">
          <li>
            <NavLink to="/" end>
              Documents
            </NavLink>
          </li>
          <li>
            <NavLink to="/search">Search</NavLink>
          </li>
          <li>
            <NavLink to="/ops">Operations</NavLink>
          </li>
        </ul>
      </nav>
      <AccountButtons />
    </header>
  );
}
