-- Three roles for one Perdure schema. Run as a superuser or as the owner of the database, in that database, with psql:
--
--   psql -v schema=perdure -f roles.sql
--
-- perdure_owner creates and migrates the schema. It is used only for that: start one process with it and AutoMigrate = true.
-- perdure_worker is what workers and clients use, with AutoMigrate = false. It changes rows and calls functions, and creates nothing.
-- perdure_reader sees everything and changes nothing.
-- The roles have no login; grant them to the users of your processes:  GRANT perdure_worker TO app;
\set ON_ERROR_STOP on

SELECT 'CREATE ROLE perdure_owner NOLOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'perdure_owner') \gexec
SELECT 'CREATE ROLE perdure_worker NOLOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'perdure_worker') \gexec
SELECT 'CREATE ROLE perdure_reader NOLOGIN' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'perdure_reader') \gexec

CREATE SCHEMA IF NOT EXISTS :"schema" AUTHORIZATION perdure_owner;
GRANT USAGE ON SCHEMA :"schema" TO perdure_worker, perdure_reader;

-- What exists, and what later migrations of the owner create.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA :"schema" TO perdure_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA :"schema" TO perdure_worker;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA :"schema" TO perdure_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA :"schema" TO perdure_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE perdure_owner IN SCHEMA :"schema" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO perdure_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE perdure_owner IN SCHEMA :"schema" GRANT USAGE ON SEQUENCES TO perdure_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE perdure_owner IN SCHEMA :"schema" GRANT EXECUTE ON FUNCTIONS TO perdure_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE perdure_owner IN SCHEMA :"schema" GRANT SELECT ON TABLES TO perdure_reader;
