import type { OperationsAnswer } from "../api/answers.ts";
import { Note } from "../parts/Note.tsx";
import { Table } from "../parts/Table.tsx";
import { moment } from "../wording/times.ts";
import { figureWords } from "./figureWords.ts";

type WorkerEvent = OperationsAnswer["events"][number];

export function EventsTable({ events }: { readonly events: readonly WorkerEvent[] }) {
  return (
    <section className="operations-section" aria-labelledby="events-heading">
      <h2 id="events-heading">Events</h2>
      {events.length === 0 ? (
        <Note title="Nothing has happened yet.">
          <p className="muted">Starts, restarts, recycled engines and pressure on memory are listed here.</p>
        </Note>
      ) : (
        <Table
          caption="Events of the workers, the newest first"
          columns={["When", "Event", "Reason", "Figures", "Worker"]}
        >
          {events.map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events have no id, and two may come in one moment
            <tr key={index}>
              <td className="figure">{moment(event.at)}</td>
              <th scope="row">{event.event.replaceAll("_", " ")}</th>
              <td>{event.reason ?? "–"}</td>
              <td>{figureWords(event.figures)}</td>
              <td>{event.workerId}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
