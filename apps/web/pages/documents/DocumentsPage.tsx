import { useSearchParams } from "react-router";
import { usePageTitle } from "../layout/usePageTitle.ts";
import { UploadSection } from "../uploads/UploadSection.tsx";
import { DocumentList } from "./DocumentList.tsx";
import { readStatus, StatusFilter } from "./StatusFilter.tsx";
import "./DocumentsPage.css";

/** Upload, and what was uploaded. */
export function DocumentsPage() {
  usePageTitle("Documents");
  const [parameters, setParameters] = useSearchParams();
  const status = readStatus(parameters.get("status"));
  return (
    <div className="column">
      <h1>Documents</h1>
      {/* What is added is to be seen, whatever was looked for before. */}
      <UploadSection onAdd={() => setParameters({}, { replace: true })} />
      <section aria-labelledby="list-heading" className="documents-section">
        <div className="documents-heading">
          <h2 id="list-heading">Your documents</h2>
          <StatusFilter
            status={status}
            onChange={(chosen) => setParameters(chosen === null ? {} : { status: chosen }, { replace: true })}
          />
        </div>
        <DocumentList status={status} />
      </section>
    </div>
  );
}
