package filekind

import (
	"strings"
	"testing"
)

const slowBanner = "/usr/sbin/mysqld, Version: 8.0.43 (MySQL Community Server - GPL). started with:\nTcp port: 3306  Unix socket: /run/mysqld.sock\nTime                 Id Command    Argument\n"

// tar returns the head of a tar archive.
func tar() string { return "general.log" + strings.Repeat("\x00", 246) + "ustar\x0000" }

// page returns the first page of a tablespace of a number.
func page(number string) string {
	p := []byte(strings.Repeat("\x00", 16<<10))
	copy(p[24:], "\x00\x08")
	copy(p[34:], number)
	copy(p[38:], number)
	return string(p)
}

func redo(creator string) string {
	return "\x00\x00\x00\x06" + strings.Repeat("\x00", 12) + creator + strings.Repeat("\x00", 500)
}

func TestOf(t *testing.T) {
	for _, c := range []struct {
		head string
		is   string
		at   int // line, 0 for a file that is no text
	}{
		{"\xfebin\x6d\x9c\x8e\x66\x0f", "a MySQL binary log", 0},
		{"\xfdbin\x01", "an encrypted MySQL binary log", 0},
		{"\xd4\xc3\xb2\xa1\x02\x00", "a network capture", 0},
		{"\x0a\x0d\x0d\x0a\x1c\x00", "a network capture", 0},
		{"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive", 0},
		{"Rar!\x1a\x07\x01\x00", "a rar archive", 0},
		{"PK\x03\x04\x14\x00", "a zip archive", 0},
		{tar(), "a tar archive", 0},
		{"\x1f\x8b\x08\x00", "a file that was compressed twice", 0},
		{"BZh91AY&SY\x00", "a file compressed by bzip2 inside another container", 0},
		{"LPKSHHRH\x00", "a systemd journal", 0},
		{"\xfe\x01" + strings.Repeat("\x00", 33), "the description (CSM) of a table of the CSV engine", 0},
		{"\xfe\x01\x0a\x0c" + strings.Repeat("\x00", 100), "the description (frm) of a table", 0},
		{"\xfe\xfe\x07\x01", "an index of a MyISAM or Aria table", 0},
		{page("\x00\x00\x00\x17"), "an InnoDB tablespace", 0},
		{redo("MySQL 8.0.43"), "an InnoDB redo log", 0},
		{redo("MariaDB 10.11.19"), "an InnoDB redo log", 0},
		{"SQLite format 3\x00", "a SQLite database", 0},
		{"a\x00b\x01c", "binary data of no known kind", 0},
		{strings.Repeat("\x00", 4096), "nothing but NUL bytes", 0},

		{slowBanner + "# Time: 2024-07-10T05:25:05.058758Z\n# User@Host: root[root] @ localhost []  Id:     8\n# Query_time: 2.000312  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 1\nSET timestamp=1720589103;\nselect sleep(2);\n", "a slow query log", 4},
		{"# User@Host: root[root] @ localhost []\n# Thread_id: 8  Schema: shop\n# Query_time: 2.0\n", "a slow query log", 1},
		{"# 50ms user time\n\n# Profile\n# Rank Query ID\n", "a digest of a slow query log", 3},
		{"\nReading mysql slow query log from slow.log\nCount: 3  Time=2.00s (6s)  Lock=0.00s (0s)  Rows=1.0 (3), root[root]@localhost\n", "a summary of a slow query log, as mysqldumpslow writes it", 3},
		{"2024-07-10T05:25:05.058758Z 0 [System] [MY-010116] [Server] /usr/sbin/mysqld (mysqld 8.0.43) starting as process 1\n", "an error log of a MySQL or MariaDB server", 1},
		{"2024-07-10 05:25:05+00:00 [Note] [Entrypoint]: Entrypoint script started.\n2024-07-10T05:25:05.058758Z 12 [Warning] Aborted connection 12\n", "an error log of a MySQL or MariaDB server", 1},
		{"2019-10-15 10:13:00 9 [Warning] Access denied for user 'root'@'localhost' (using password: YES)\n", "an error log of a MySQL or MariaDB server", 1},
		{"130912 14:51:34 mysqld_safe Starting mysqld daemon\n130912 14:51:35 [Note] Plugin 'FEDERATED' is disabled.\n", "an error log of a MySQL or MariaDB server", 1},
		{`{ "prio" : 2, "err_code" : 10909, "source_line" : 330, "subsystem" : "Server", "msg" : "x" }` + "\n", "an error log of MySQL, in JSON", 1},
		{"/*!50530 SET @@SESSION.PSEUDO_SLAVE_MODE=1*/;\n/*!50003 SET @OLD=1*/;\nDELIMITER /*!*/;\n# at 4\n#240710  5:25:05 server id 1  end_log_pos 126\n", "the text of a binary log, as mysqlbinlog writes it", 1},
		{"-- MySQL dump 10.13  Distrib 8.0.43, for Linux (x86_64)\n--\n-- Host: localhost    Database: shop\nINSERT INTO `a` VALUES (1);\n", "a dump of a database without rows of general_log", 1},
		{"/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB\n", "a dump of a database without rows of general_log", 1},
		{"start_time,user_host,query_time,lock_time,rows_sent,rows_examined,db,sql_text\n", "a dump of mysql.slow_log", 1},
		{"Id\tUser\tHost\tdb\tCommand\tTime\tState\tInfo\n8\troot\tlocalhost\tNULL\tQuery\t0\tinit\tSHOW PROCESSLIST\n", "a list of processes", 1},

		{"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<AUDIT>\n <AUDIT_RECORD>\n  <TIMESTAMP>2019-10-03T14:06:33 UTC</TIMESTAMP>\n", "an audit log of MySQL Enterprise or Percona, in XML", 2},
		{"<AUDIT_RECORD TIMESTAMP=\"2012-08-02T14:52:12\" NAME=\"Audit\"/>\n", "an audit log of MySQL Enterprise or Percona, in XML", 1},
		{`[{ "timestamp": "2019-10-03 13:50:01", "id": 0, "class": "audit", "event": "startup", "connection_id": 0 },` + "\n", "an audit log of MySQL Enterprise, in JSON", 1},
		{`{"audit_record":{"name":"Query","record":"4707_2014-08-27T10:43:52","timestamp":"2014-08-27T10:44:19 UTC"}}` + "\n", "an audit log of Percona, in JSON", 1},
		{`"Query","49284_2014-08-27T10:47:11","2014-08-27T10:47:23 UTC","show_databases","37",0,"show databases","root[root] @ localhost []","localhost","","",""` + "\n", "an audit log of Percona, in CSV", 1},
		{`{"msg-type":"activity","date":"1510038432019","thread-id":"43","query-id":"1891","user":"debian-sys-maint"}` + "\n", "an audit log of the McAfee plugin", 1},
		{`{"events":[{"message":"20260304 10:00:00,db1,root,10.0.0.5,12,0,FAILED_CONNECT,,,1045"}]}` + "\n", "an audit log of MariaDB's server_audit with something around each record", 1},
		{"@timestamp,@message\n2026-03-04 10:00:01.000,\"1772618400123456,db1,root,10.0.0.5,12,5,QUERY,shop,'SELECT 1',0\"\n", "an audit log of MariaDB's server_audit with something around each record", 2},
		{"EVENTS\t1772618401000\tSELECT 1\t1772618400000\n", "events of CloudWatch Logs as text", 1},
		{"---\ninsertId: 8#a\nlogName: projects/p/logs/cloudsql.googleapis.com%2Fmysql-general.log\ntextPayload: \"2026-03-04T10:00:00Z\\t 8 Query\\tSELECT 1\"\n", "log entries of Google Cloud as YAML", 2},
		{"Oct 13 10:00:00 db1 mysql-server_auditing: db1,root,localhost,8,0,CONNECT,,,0\n", "an audit log of MariaDB's server_audit without its times, as syslog holds it", 1},
		{"[2024/07/10 05:25:05.058 +00:00] [INFO] [server.go:1] [\"Welcome to TiDB.\"]\n", "a log of TiDB", 1},

		{"2024-07-10 05:25:05.058 UTC [42] root@shop LOG:  statement: SELECT 1\n", "a log of PostgreSQL", 1},
		{`{"t":{"$date":"2024-07-10T05:25:05.058+00:00"},"s":"I","c":"NETWORK"}` + "\n", "a log of MongoDB", 1},
		{"192.0.2.1 - - [10/Jul/2024:05:25:05 +0000] \"GET /?id=1%20UNION%20SELECT%201 HTTP/1.1\" 200 12\n", "an access log of a web server", 1},
		{"2024/07/10 05:25:05 [error] 12#12: *1 open() failed\n", "an error log of a web server", 1},
		{"05:25:05.058758 IP 192.0.2.1.51234 > 192.0.2.2.3306: Flags [P.]\n", "output of tcpdump", 1},
		{"<!DOCTYPE html>\n<html>\n", "a web page", 1},
		{"db1 | 07:11 mysqld[3]; 2024-07-10T05:25:05.058758Z\t    9 Query\tSELECT 1\n", "a log of entries behind a prefix that is not known", 1},
		{"name,street,town,zip\nA,B,C,1\n", "a CSV, TSV or other table with no column of a general log", 1},
		{"\xff\xfeD\x00e\x00a\x00r\x00\n\x00", "text without a line of a general log", 1},
		{"Dear all,\nthe log is attached.\n", "text without a line of a general log", 1},
		{"", "text without a line of a general log", 1},
	} {
		f := Of([]byte(c.head))
		if f.Is != c.is || f.Line != c.at {
			t.Errorf("%.60q: %q at line %d, want %q at line %d", c.head, f.Is, f.Line, c.is, c.at)
		}
		if f.Do == "" || strings.Contains(f.String(), "\n") {
			t.Errorf("%q: not one line that says what to do: %q", c.is, f)
		}
	}
}

// Whatever a file holds is named, and the place lies in its head.
func FuzzOf(f *testing.F) {
	f.Add([]byte(slowBanner))
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte(page("\x00\x00\x00\x17")))
	f.Fuzz(func(t *testing.T, head []byte) {
		got := Of(head)
		if got.Is == "" || got.Do == "" || got.Offset < 0 || got.Offset > 2*len(head) || got.Line < 0 {
			t.Errorf("%+v", got)
		}
	})
}
