#!/usr/bin/env bash
# Makes the other forms of the table whose rows general_log.engine.csv holds: a
# MariaDB server gets that file as its mysql.general_log, with logging off, and
# Debian's clients write it out; and audit.log, of a session of its own with the
# plugin server_audit. Needs Debian's mariadb-server. The forms of the table are the
# same in every run but for the dump's date, the audit log has other times.
#
#	testdata/mariadb/forms.sh [DIR]	write the files to DIR instead of this folder
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "${1:-$here}" && pwd)
work=$(mktemp -d)
port=${PORT:-33198}
server=

stop() {
	if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
		kill "$server"
		wait "$server" || true
	fi
	rm -rf "$work"
}
trap stop EXIT

start() {
	"$(command -v mariadbd)" --no-defaults --user="$(id -un)" --datadir="$work/data" --socket=mysql.sock --pid-file=mysqld.pid \
		--bind-address=127.0.0.1 --port="$port" --skip-name-resolve --performance-schema=OFF --innodb-buffer-pool-size=8M \
		--innodb-log-file-size=4M --aria-pagecache-buffer-size=8M "$@" >>"$work/error.log" 2>&1 &
	server=$!
	for _ in $(seq 150); do
		[ -S "$work/data/mysql.sock" ] && return
		sleep 0.2
	done
	cat "$work/error.log" >&2
	exit 1
}

shut() {
	mariadb-admin --no-defaults --socket="$work/data/mysql.sock" --user=root shutdown
	wait "$server"
	server=
}

mkdir "$work/data"
export LC_ALL=C TZ=UTC
mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$work/data" --auth-root-authentication-method=normal \
	--skip-test-db >/dev/null 2>&1
cp "$here/general_log.engine.csv" "$work/data/mysql/general_log.CSV"
rm -f "$work/data/mysql/general_log.CSM" # counts the rows, and is made anew

client() { mariadb --no-defaults --default-character-set=utf8mb4 --socket="$work/data/mysql.sock" --user=root "$@"; }
start
client -e 'REPAIR TABLE mysql.general_log' >/dev/null
# Rows that are long make a drawn table wide: their lines are left out.
short='SELECT * FROM mysql.general_log WHERE length(argument) < 160'
client --table -e "$short" >"$out/general_log.drawn.txt"
client -e "SELECT * FROM mysql.general_log\\G" >"$out/general_log.vertical.txt"
client --skip-column-names --raw -e "SELECT JSON_OBJECT('event_time', event_time, 'user_host', user_host, 'thread_id', thread_id,
	'server_id', server_id, 'command_type', command_type, 'argument', argument) FROM mysql.general_log" >"$out/general_log.jsonl"
# mariadb-dump leaves the rows of log tables out, so it is given a copy.
client -e 'CREATE DATABASE copy; CREATE TABLE copy.general_log ENGINE=MyISAM SELECT * FROM mysql.general_log'
dump() { mariadb-dump --no-defaults --socket="$work/data/mysql.sock" --user=root "$@" copy general_log; }
dump >"$out/general_log.sql"
client -e 'ALTER TABLE copy.general_log MODIFY argument mediumblob'
dump --hex-blob --skip-extended-insert --complete-insert --compact >"$out/general_log.hex.sql"
shut

# The plugin in a session of its own: logins, refused ones among them, statements
# that fail, tables, text that must be escaped, and names made to be misread.
start --plugin-maturity=unknown --plugin-load-add=server_audit --server-audit-logging=ON --server-audit-file-path="$work/audit.log" \
	--server-audit-events=CONNECT,QUERY,TABLE
client -e "CREATE DATABASE shop; CREATE TABLE shop.users (id INT, name TEXT); INSERT INTO shop.users VALUES (1, 'it''s'), (2, 'a\\\\b');
	CREATE USER app@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT ALL ON shop.* TO app@'127.0.0.1'"
tcp() { mariadb --no-defaults --host=127.0.0.1 --port="$port" "$@" || true; }
{
	tcp --user=app --password=secret shop -e "SELECT * FROM users WHERE name = 'it\\'s' -- 
		AND 1"
	tcp --user=app --password=secret shop --force -e 'SELEC 1; SELECT * FROM nothere; UPDATE users SET name = "x,y" WHERE id = 1; DROP TABLE mysql.user'
	tcp --user=app --password=wrong shop -e 'SELECT 1'
	tcp --user=root --password=wrong 'a,h,9,0,CONNECT,,,0' -e 'SELECT 1'
	tcp --user='root,h,9,0,CONNECT,,,0' --password=wrong -e 'SELECT 1'
	tcp --user="o'neill, x" --password=wrong -e 'SELECT 1'
	tcp --user=app --password=secret gone -e 'SELECT 1'
	tcp --user=app --password=secret mysql -e 'SELECT 1'
	tcp --user=app --password=secret shop -e "SELECT '$(printf 'x%.0s' $(seq 1500))'"
} >/dev/null 2>&1
client -e "PREPARE s FROM 'SELECT ?'; SET @a = 1; EXECUTE s USING @a; USE shop; RENAME TABLE users TO people; ALTER TABLE people ADD c INT" >/dev/null
shut
cp "$work/audit.log" "$out/audit.log"
sed -i "s/,$(hostname),/,db1,/; s/^\\([0-9 :]*\\),$(hostname),/\\1,db1,/" "$out/audit.log"
chmod 644 "$out"/general_log.{drawn.txt,vertical.txt,jsonl,sql,hex.sql} "$out"/audit.log
