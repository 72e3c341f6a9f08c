-- Functions are open to everybody until they are closed. They run with their owner's rights, so only the service may
-- call them; an owner adds documents by inserting a row. A later migration closes what it adds: default privileges of
-- a schema cannot take away what everybody has by birth, and a test looks for what was left open.

revoke all on schema quire from public;
revoke all on all tables in schema quire from public;
revoke all on all functions in schema quire from public;
grant usage on schema quire to service_role;
grant select, update on quire.limits to service_role;
grant select on quire.installation to service_role;
grant execute on all functions in schema quire to service_role;
-- The lane is part of documents' generated columns, which whoever inserts computes.
grant usage on schema quire to authenticated;
grant execute on function quire.lane(bigint, int) to authenticated;
