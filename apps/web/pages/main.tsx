// The ground first: what a component says of itself comes after it, and wins.
import "./styles/tokens.css";
import "./styles/base.css";
import "./parts/button.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Start } from "./Start.tsx";

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <Start />
  </StrictMode>,
);
