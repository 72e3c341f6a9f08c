import type { OperationsAnswer } from "../api/answers.ts";
import { Note } from "../parts/Note.tsx";
import { Table } from "../parts/Table.tsx";
import { useNow } from "../parts/useNow.ts";
import { memorySize, percent } from "../wording/sizes.ts";
import { ago, moment } from "../wording/times.ts";

type Worker = OperationsAnswer["workers"][number];

const clockMs = 1_000;
const stateWords: Readonly<Record<Worker["state"], string>> = {
  running: "running",
  silent: "silent: it has said nothing for three minutes",
  stopped: "stopped",
};

export function WorkersTable({ workers }: { readonly workers: readonly Worker[] }) {
  const now = useNow(clockMs);
  return (
    <section className="operations-section" aria-labelledby="workers-heading">
      <h2 id="workers-heading">Workers</h2>
      {workers.length === 0 ? (
        <Note title="No worker has been seen yet.">
          <p className="muted">Documents wait until one is started: quire start, or quire worker.</p>
        </Note>
      ) : (
        <Table caption="Workers" columns={["Worker", "State", "Memory now", "Last seen", "Started"]}>
          {workers.map((worker) => (
            <tr key={worker.id}>
              <th scope="row">{worker.id}</th>
              <td className={`worker-${worker.state}`}>{stateWords[worker.state]}</td>
              <td className="figure">{memoryWords(worker)}</td>
              <td className="figure">{ago(worker.lastSeenAt, now)}</td>
              <td className="figure">{worker.startedAt === null ? "–" : moment(worker.startedAt)}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function memoryWords({ state, usedBytes, budgetBytes }: Worker): string {
  if (usedBytes === null || state === "stopped") {
    return "–";
  }
  return budgetBytes === null
    ? memorySize(usedBytes)
    : `${memorySize(usedBytes)} of ${memorySize(budgetBytes)} (${percent(usedBytes / budgetBytes)})`;
}
