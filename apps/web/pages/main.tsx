// The ground first: what a component says of itself comes after it, and wins.
import "./styles/tokens.css";
import "./styles/base.css";
import "./parts/button.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App.tsx";
import { createQueryClient } from "./api/queryClient.ts";
import { queryKeys } from "./api/queryKeys.ts";
import { announce } from "./layout/announce.ts";
import { startUploads } from "./uploads/startUploads.ts";
import { UploadsContext } from "./uploads/UploadsContext.ts";

const client = createQueryClient();
const uploads = startUploads((upload, { isNew }) => {
  announce(isNew ? `${upload.name} is uploaded.` : `${upload.name} was already here.`);
  void client.invalidateQueries({ queryKey: queryKeys.lists });
});

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <UploadsContext value={uploads}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </UploadsContext>
    </QueryClientProvider>
  </StrictMode>,
);
