import { RestError } from "./restError.ts";

/** One statement, each row of which is one JSON value named `result`. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What is not a filter among a request's parameters. */
const reserved = ["select", "order", "limit", "columns"];

export function selectStatement(table: string, parameters: URLSearchParams): Statement {
  const columns = parameters.get("select")?.split(",").map(identifier).join(", ") ?? "*";
  const values: string[] = [];
  const filters = [...parameters]
    .filter(([name]) => !reserved.includes(name))
    .map(([name, filter]) => {
      const [, value] = /^eq\.(.*)$/s.exec(filter) ?? [];
      if (value === undefined) throw new RestError(400, "PGRST100", "failed to parse filter");
      values.push(value);
      // As text, for the parameter's type is to be the column's.
      return `${identifier(name)}::text = $${values.length}`;
    });
  const where = filters.length > 0 ? ` where ${filters.join(" and ")}` : "";
  const order = orderOf(parameters.get("order"));
  const limit = parameters.has("limit") ? ` limit ${Number(parameters.get("limit"))}` : "";
  const rows = `select ${columns} from public.${identifier(table)}${where}${order}${limit}`;
  return { text: `select to_jsonb(r) as result from (${rows}) r`, values };
}

function orderOf(order: string | null): string {
  if (order === null) return "";
  const terms = order.split(",").map((term) => {
    const [column = "", direction = "asc"] = term.split(".");
    if (direction !== "asc" && direction !== "desc")
      throw new RestError(400, "PGRST100", "failed to parse order");
    return `${identifier(column)} ${direction}`;
  });
  return ` order by ${terms.join(", ")}`;
}

/** Of the columns that are named, and no other: what is left out takes its default. */
export function insertStatement(table: string, body: unknown): Statement {
  const rows = (Array.isArray(body) ? body : [body]) as Record<string, unknown>[];
  const columns = Object.keys(rows[0] ?? {})
    .map(identifier)
    .join(", ");
  const name = `public.${identifier(table)}`;
  return {
    text: `insert into ${name} (${columns}) select ${columns} from jsonb_populate_recordset(null::${name}, $1)`,
    values: [JSON.stringify(rows)],
  };
}

export function callStatement(name: string, body: unknown): Statement {
  const entries = Object.entries(body as Record<string, unknown>);
  const named = entries.map(([argument], index) => `${identifier(argument)} => $${index + 1}`).join(", ");
  const values = entries.map(([, value]) => value);
  return { text: `select to_jsonb(r) as result from public.${identifier(name)}(${named}) r`, values };
}

function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new RestError(400, "PGRST100", "failed to parse a name");
  return `"${name}"`;
}
