#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: a role and a database for the corpus, another for Prefect.
# Neither can read the other's; `template0` because a corpus in Chinese must not inherit another encoding.
set -eu

make() {
    psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set name="$1" --set password="$2" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

make dangjian "$DANGJIAN_DB_PASSWORD"
make prefect "$PREFECT_DB_PASSWORD"
