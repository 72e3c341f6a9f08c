import { lazy, Suspense } from "react";
import { Route, Routes } from "react-router";
import { DocumentPage } from "./document/DocumentPage.tsx";
import { DocumentsPage } from "./documents/DocumentsPage.tsx";
import { Layout } from "./layout/Layout.tsx";
import { NotFoundPage } from "./layout/NotFoundPage.tsx";
import { SearchPage } from "./search/SearchPage.tsx";

const OperationsPage = lazy(() => import("./operations/OperationsPage.tsx"));

/** Which address shows which page. */
export function App() {
  return (
    <Suspense>
      <Routes>
        <Route element={<Layout />}>
          <Route index element={<DocumentsPage />} />
          <Route path="documents/:id" element={<DocumentPage />} />
          <Route path="search" element={<SearchPage />} />
          <Route path="ops" element={<OperationsPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </Suspense>
  );
}
