import { lazy, Suspense, useState } from "react";
import type { OperationsAnswer } from "../api/answers.ts";
import { ErrorBoundary } from "../layout/ErrorBoundary.tsx";
import { Note } from "../parts/Note.tsx";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { MemoryTable } from "./MemoryTable.tsx";
import { useMemory } from "./useOperations.ts";

const MemoryChart = lazy(() => import("./MemoryChart.tsx"));

/** The server goes no further back. */
const hourChoices = [1, 6, 24, 48];
const defaultHours = 6;

/** Memory over time, as a chart and as a table. */
export function MemorySection({ watermarks }: { readonly watermarks: OperationsAnswer["watermarks"] }) {
  const [hours, setHours] = useState(defaultHours);
  const { data, error } = useMemory(hours);
  const hasSamples = data?.workers.some(({ samples }) => samples.length > 0) ?? false;
  return (
    <section className="operations-section" aria-labelledby="memory-heading">
      <div className="operations-section-heading">
        <h2 id="memory-heading">Memory</h2>
        <label className="status-filter">
          <span className="muted">Over the last</span>
          <select className="button" value={hours} onChange={(event) => setHours(Number(event.target.value))}>
            {hourChoices.map((choice) => (
              <option key={choice} value={choice}>
                {choice === 1 ? "hour" : `${choice} hours`}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error !== null && data === undefined ? (
        <ProblemNote title="The memory cannot be shown." error={error} />
      ) : null}
      {data !== undefined && !hasSamples ? (
        <Note title="Nothing has been measured in this time.">
          <p className="muted">A worker writes down its memory as soon as it runs.</p>
        </Note>
      ) : null}
      {data !== undefined && hasSamples ? (
        <>
          <ErrorBoundary fallback={<p className="muted">This browser cannot draw the chart.</p>}>
            <Suspense fallback={<p className="muted">Drawing…</p>}>
              <MemoryChart memory={data} watermarks={watermarks} hours={hours} />
            </Suspense>
          </ErrorBoundary>
          <MemoryTable memory={data} watermarks={watermarks} />
        </>
      ) : null}
    </section>
  );
}
