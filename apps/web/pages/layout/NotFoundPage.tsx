import { Link } from "react-router";
import { usePageTitle } from "./usePageTitle.ts";

export function NotFoundPage() {
  usePageTitle("No such page");
  return (
    <div className="column">
      <h1>There is no such page</h1>
      <p>
        The address may be mistyped. <Link to="/">To your documents</Link>
      </p>
    </div>
  );
}
