import { isUnauthorized } from "../api/problem.ts";
import { usePageTitle } from "../layout/usePageTitle.ts";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { DeadLetters } from "./DeadLetters.tsx";
import { EventsTable } from "./EventsTable.tsx";
import { MemorySection } from "./MemorySection.tsx";
import { OlderReader } from "./OlderReader.tsx";
import { QueueTable } from "./QueueTable.tsx";
import { TokenForm } from "./TokenForm.tsx";
import { useOperations } from "./useOperations.ts";
import { WorkersTable } from "./WorkersTable.tsx";
import "./OperationsPage.css";

/** How Quire itself stands, for whoever runs it. */
export default function OperationsPage() {
  usePageTitle("Operations");
  const { data, error, refetch } = useOperations();
  return (
    <div className="column operations">
      <h1>Operations</h1>
      {error !== null && isUnauthorized(error) ? <TokenForm onToken={() => void refetch()} /> : null}
      {error !== null && data === undefined && !isUnauthorized(error) ? (
        <ProblemNote title="This cannot be shown." error={error} onRetry={() => void refetch()} />
      ) : null}
      {data === undefined ? (
        error === null ? (
          <p className="muted">Asking how things stand…</p>
        ) : null
      ) : (
        <>
          <WorkersTable workers={data.workers} />
          <MemorySection watermarks={data.watermarks} />
          <QueueTable queue={data.queue} />
          <DeadLetters documents={data.deadLetters} />
          <OlderReader documents={data.readByOlderReader} />
          <EventsTable events={data.events} />
        </>
      )}
    </div>
  );
}
