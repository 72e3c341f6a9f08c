import type { Lane } from "@quire/core";
import type { OperationsAnswer } from "../api/answers.ts";
import { Note } from "../parts/Note.tsx";
import { Table } from "../parts/Table.tsx";
import { count } from "../wording/sizes.ts";
import { duration } from "../wording/times.ts";

const lanes: readonly { lane: Lane; words: string }[] = [
  { lane: "small", words: "Small documents" },
  { lane: "medium", words: "Medium documents" },
  { lane: "large", words: "Large documents" },
];

export function QueueTable({ queue }: { readonly queue: OperationsAnswer["queue"] }) {
  const isEmpty = lanes.every(({ lane }) => queue[lane].waiting === 0);
  return (
    <section className="operations-section" aria-labelledby="queue-heading">
      <h2 id="queue-heading">Queue</h2>
      {isEmpty ? (
        <Note title="Nothing is waiting." />
      ) : (
        <Table caption="Queue" columns={["Lane", "Waiting", "The oldest waits for"]}>
          {lanes.map(({ lane, words }) => {
            const { waiting, oldestAgeSeconds } = queue[lane];
            return (
              <tr key={lane}>
                <th scope="row">{words}</th>
                <td className="figure">{count(waiting)}</td>
                <td className="figure">{oldestAgeSeconds === null ? "–" : duration(oldestAgeSeconds)}</td>
              </tr>
            );
          })}
        </Table>
      )}
    </section>
  );
}
