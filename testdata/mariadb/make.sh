#!/usr/bin/env bash
# Makes the logs of this folder: a MariaDB server of its own in a temporary
# folder, the clients of clients.py, and the dumps of what the server logged.
# Needs Debian's mariadb-server and python3-pymysql. Times and a few texts differ
# from run to run; README.md names what does not.
#
#	testdata/mariadb/make.sh [DIR]	write the files to DIR instead of this folder
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "${1:-$here}" && pwd)
work=$(mktemp -d)
port=${PORT:-33199}
server=

stop() {
	if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
		kill "$server"
		wait "$server" || true
	fi
	rm -rf "$work"
}
trap stop EXIT

# The socket is named relative to the data folder: the banner then holds no path.
start() {
	"$(command -v mariadbd)" --no-defaults --user="$(id -un)" --datadir="$work/data" --socket=mysql.sock --pid-file=mysqld.pid \
		--bind-address=127.0.0.1 --port="$port" --skip-name-resolve --event-scheduler=ON --secure-file-priv="$work/dump" \
		--general-log=ON --general-log-file=general.log --log-output=FILE,TABLE \
		--performance-schema=OFF --innodb-buffer-pool-size=8M --innodb-log-file-size=4M --aria-pagecache-buffer-size=8M \
		>>"$work/error.log" 2>&1 &
	server=$!
	for _ in $(seq 150); do
		[ -S "$work/data/mysql.sock" ] && return
		sleep 0.2
	done
	cat "$work/error.log" >&2
	exit 1
}

mkdir "$work/data" "$work/dump"
export LC_ALL=C TZ=UTC
mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$work/data" --auth-root-authentication-method=normal \
	--skip-test-db >/dev/null 2>&1

client() { mariadb --no-defaults --default-character-set=utf8mb4 --socket="$work/data/mysql.sock" --user=root "$@"; }
clients() { /usr/bin/python3 "$here/clients.py" "$work/data/mysql.sock" "$port" "$1"; }

start
clients first
client shop <"$here/script.sql" >/dev/null
client -e "SELECT 'one word'; SELECT 2" shop >/dev/null
mariadb-dump --no-defaults --socket="$work/data/mysql.sock" --user=root --skip-extended-insert shop >/dev/null
mariadb-admin --no-defaults --socket="$work/data/mysql.sock" --user=root flush-logs status processlist >/dev/null
mariadb-admin --no-defaults --socket="$work/data/mysql.sock" --user=root shutdown
wait "$server"
start
clients second
client -e "SET GLOBAL general_log = OFF"

# What the server wrote, and the same table in the forms in which it is copied.
cp "$work/data/general.log" "$out/general.log"
cp "$work/data/mysql/general_log.CSV" "$out/general_log.engine.csv"
client --batch -e 'SELECT * FROM mysql.general_log' >"$out/general_log.tsv"
client -e "SELECT * FROM mysql.general_log INTO OUTFILE '$work/dump/default.tsv'"
client -e "SELECT * FROM mysql.general_log INTO OUTFILE '$work/dump/quoted.csv'
	FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' LINES TERMINATED BY '\\n'"
cp "$work/dump/default.tsv" "$out/general_log.outfile.tsv"
cp "$work/dump/quoted.csv" "$out/general_log.csv"
/usr/bin/python3 "$here/clients.py" "$work/data/mysql.sock" "$port" export >"$out/general_log.export.csv"
/usr/bin/python3 "$here/clients.py" "$work/data/mysql.sock" "$port" export-hex >"$out/general_log.hex.csv"
chmod 644 "$out"/general*
