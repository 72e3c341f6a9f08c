import { connectClient } from "../database.ts";

const schemas = ["public", "quire"];

/**
 * The schema as the migrations leave it, as text: tables with their columns, constraints, indexes, triggers,
 * policies (those of Supabase's files too) and grants, and functions. supabase/schema.sql holds it, to be read and to be compared; migrations
 * are what is applied. pg-boss's own tables stand in its migration.
 */
export async function describeSchema(url: string): Promise<string> {
  const client = await connectClient(url, "quire schema");
  try {
    const lines = async (query: string) => {
      const { rows } = await client.query<{ line: string }>(query, [schemas]);
      return rows.map(({ line }) => line);
    };
    // Whatever the search path is on this machine, every name is written out.
    await client.query("set search_path = ''");
    const parts = [];
    for (const query of [tables, constraints, indexes, triggers, policies, grants, functions])
      parts.push((await lines(query)).join("\n"));
    return `-- What supabase/migrations/ come to: to be read and compared, not applied. Made by: npm run schema\n\n${parts.join("\n\n")}\n`;
  } finally {
    await client.end();
  }
}

const tables = `
  select format(E'create table %s (\\n%s\\n);%s\\n', c.oid::regclass, string_agg(
    format('  %I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end,
      case when a.attidentity <> '' then ' generated always as identity' else '' end,
      case when d.adbin is null then ''
        when a.attgenerated = 's' then format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
        else ' default ' || pg_get_expr(d.adbin, d.adrelid) end),
    E',\\n' order by a.attnum),
    case when c.relrowsecurity then format(E'\\nalter table %s enable row level security;', c.oid::regclass) else '' end
  ) as line
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where n.nspname = any($1) and c.relkind = 'r'
  group by c.oid, c.relrowsecurity, n.nspname, c.relname
  order by n.nspname, c.relname`;

const constraints = `
  select format('alter table %s add constraint %I %s;', con.conrelid::regclass, con.conname,
    pg_get_constraintdef(con.oid)) as line
  from pg_constraint con join pg_namespace n on n.oid = con.connamespace
  where n.nspname = any($1) and con.contype <> 'n' and con.conrelid <> 0
  order by con.conrelid::regclass::text collate "C", con.contype = 'f', con.conname`;

const indexes = `
  select pg_get_indexdef(i.indexrelid) || ';' as line
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and not exists (select from pg_constraint con where con.conindid = i.indexrelid)
  order by c.relname`;

const triggers = `
  select pg_get_triggerdef(t.oid) || ';' as line
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and not t.tgisinternal
  order by t.tgname`;

const policies = `
  select format('create policy %I on %I.%I for %s to %s%s%s;', policyname, schemaname, tablename, lower(cmd),
    array_to_string(roles, ', '), coalesce(' using (' || qual || ')', ''),
    coalesce(' with check (' || with_check || ')', '')) as line
  from pg_policies where schemaname = any($1) or (schemaname, tablename) = ('storage', 'objects')
  order by tablename, policyname`;

/** Of tables, sequences, columns, functions and schemas: to everybody (0 is public) but whoever owns them. */
const grants = `
  select format('grant %s on %s to %s;', lower(string_agg(privilege, ', ' order by privilege)), object, grantee) as line
  from (
    select acl.privilege_type as privilege, c.oid::regclass::text as object, c.relowner as owner, acl.grantee as grantee_id
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) acl
    where n.nspname = any($1) and c.relkind in ('r', 'S')
    union all
    select format('%s (%I)', acl.privilege_type, a.attname), c.oid::regclass::text, c.relowner, acl.grantee
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace,
      aclexplode(a.attacl) acl
    where n.nspname = any($1) and a.attnum > 0
    union all
    select acl.privilege_type, 'function ' || p.oid::regprocedure::text, p.proowner, acl.grantee
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
      aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
    where n.nspname = any($1)
    union all
    select acl.privilege_type, 'schema ' || n.nspname, n.nspowner, acl.grantee
    from pg_namespace n, aclexplode(n.nspacl) acl
    where n.nspname = 'quire'
  ) given, lateral (select case when grantee_id = 0 then 'public' else grantee_id::regrole::text end as grantee) g
  where grantee_id <> owner
  group by object, grantee
  order by object collate "C", grantee collate "C"`;

const functions = `
  select pg_get_functiondef(p.oid) || E';\\n' as line
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = any($1)
  order by p.proname`;
