import { QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter } from "react-router";
import { App } from "./App.tsx";
import { UploadsContext } from "./uploads/UploadsContext.ts";
import type { Workplace } from "./workplace.ts";

/** All pages, with what they hold. */
export function AtWork({ workplace }: { readonly workplace: Workplace }) {
  return (
    <QueryClientProvider client={workplace.client}>
      <UploadsContext value={workplace.uploads}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </UploadsContext>
    </QueryClientProvider>
  );
}
