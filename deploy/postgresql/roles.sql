-- Kroi's own login and database. deploy/postgresql/start runs it; on another server a superuser does, once:
--   DATABASE_PASSWORD=… psql -v ON_ERROR_STOP=1 -f deploy/postgresql/roles.sql
-- The login owns the tables and makes the role kroi_app, which owns nothing and under which the application acts.
-- It may make databases, for a backup is proven by restoring it into one, and copy the server, for base backups.

\getenv password DATABASE_PASSWORD
CREATE ROLE kroi LOGIN CREATEROLE CREATEDB REPLICATION NOSUPERUSER PASSWORD :'password';
CREATE DATABASE kroi OWNER kroi ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE kroi FROM PUBLIC;
GRANT pg_read_all_stats TO kroi;
