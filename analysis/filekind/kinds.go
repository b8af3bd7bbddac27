package filekind

// give is how to get at the general log.
const give = "give the general query log: the file that SELECT @@general_log_file names, or the rows of mysql.general_log as CSV"

// giveTable is how to get at the rows of the log's table.
const giveTable = "give the rows of mysql.general_log as CSV with the columns event_time (2006-01-02 15:04:05.000000), user_host, thread_id, command_type and argument"

// kinds are the kinds of text. What is at the head decides for most; a few are
// recognised by lines that any text may quote, and come last.
var kinds = []kind{
	{"a dump of mysql.slow_log", giveTable, begins(`[^\n]{0,40}\bstart_time\b[^\n]{0,20}\buser_host\b`)},
	{"statements of performance_schema", giveTable, begins(`(?i)[^\n]{0,20}\bthread_id\b[^\n]{1,9}\bevent_id\b[^\n]*\bsql_text\b`)},
	{"a list of processes", give + " (a list of processes shows a moment, not what was sent)", begins(`(?i)["|+\s-]*id["|,;\t ]+user["|,;\t ]+host["|,;\t ]+db["|,;\t ]+command["|,;\t ]+time\b`)},
	{"the text of a binary log, as mysqlbinlog writes it", give, begins(`(?:/\*![^\n]*\n|# The proper term[^\n]*\n|DELIMITER[^\n]*\n)*# at \d+\n#\d{6} `)},
	{"a digest of a slow query log", give, line(`# (?:Profile|Rank Query ID|Overall: .* unique)`)},
	{"a summary of a slow query log, as mysqldumpslow writes it", give, line(`Count: \d+ {1,3}Time=[\d.]+s`)},
	{"a slow query log", give, either(line(`# User@Host: `), line(`# Query_time: `), line(`# Time: \d[^\n]*\n# `))},

	{"an audit log of MySQL Enterprise or Percona, in XML", auditForms, line(`\s*<(?:AUDIT|AUDIT_RECORD)[\s>]`)},
	{"an audit log of Percona, in JSON", auditForms, line(`\s*\{\s*"audit_record"\s*:`)},
	{"an audit log of MySQL Enterprise, in JSON", auditForms, either(line(`.{0,200}"class"\s*:\s*"(?:audit|connection|general|table_access)"\s*,\s*"event"\s*:`), line(`.{0,20}"timestamp"\s*:\s*"[^"\n]*"\s*,\s*"id"\s*:\s*\d+\s*,\s*"class"\s*:`))},
	{"an audit log of Percona, in CSV", auditForms, line(`"(?:Audit|Connect|Query|Quit|Execute|Init DB|Prepare)","[^"\n]*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^"\n]*","`)},
	{"an audit log of the McAfee plugin", auditForms, line(`\{"msg-type":"(?:header|activity)"`)},
	{"an audit log of MariaDB's server_audit with something around each record", "take the records out, so that a line begins with its time; of JSON with jq -r, as in jq -r '.events[].message'", line(`[^\n]*?[^\n\d](?:\d{8} \d\d:\d\d:\d\d|\d{16}),[^,\n]*,[^,\n]*,[^,\n]*,\d+,\d+,(?:CONNECT|FAILED_CONNECT|DISCONNECT|QUERY|READ|WRITE),`)},
	{"an audit log of MariaDB's server_audit without its times, as syslog holds it", "give the file that server_audit_output_type=file writes, whose lines begin with YYYYMMDD hh:mm:ss, or put such a time and a comma in place of the prefix", line(`[^\n']{0,200}[ :][^,\n]*,[^,\n]*,[^,\n]*,\d+,\d+,(?:CONNECT|FAILED_CONNECT|DISCONNECT|QUERY|READ|WRITE),`)},
	{"a log of TiDB", "give the general query log of a MySQL or MariaDB server; sqleuth does not read TiDB's", line(`\[\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d\d:\d\d\] \[(?:INFO|WARN|ERROR|DEBUG|FATAL)\]`)},
	{"an error log of MySQL, in JSON", give, line(`\{\s*"(?:prio|log_type)"\s*:\s*\d+,.*"(?:err_code|err_symbol|subsystem)"\s*:`)},

	{"a dump of a database without rows of general_log", "add the rows: mysqldump --skip-lock-tables mysql general_log", either(begins(`-- (?:MySQL|MariaDB) dump `), begins(`/\*M?![^\n]*enable the sandbox mode[^\n]*\n-- (?:MySQL|MariaDB) dump`), begins(`-- phpMyAdmin SQL Dump`))},

	{"a log of PostgreSQL", "sqleuth reads logs of MySQL and MariaDB: " + give, either(
		line(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [A-Z]{3,4}\b[^\n]{0,200}\b(?:LOG|STATEMENT|ERROR|FATAL|DETAIL|HINT|WARNING|NOTICE):  `),
		line(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [A-Z]{3,4},[^\n]*,(?:LOG|ERROR|FATAL|WARNING),[0-9A-Z]{5},`))},
	{"a log of MongoDB", "sqleuth reads logs of MySQL and MariaDB: " + give, line(`\{"t":\{"\$date":`)},
	{"a log of Microsoft SQL Server", "sqleuth reads logs of MySQL and MariaDB: " + give, line(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d\d (?:Server|spid\d+s?|Logon) +`)},
	{"an access log of a web server", "the statements that pages sent are in the database server's log: " + give, either(
		line(`\S+ \S+ [^\[\n]{1,80} ?\[\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [^\]\n]*\] "`),
		line(`#Software: Microsoft Internet Information Services`))},
	{"an error log of a web server", "the statements that pages sent are in the database server's log: " + give, either(
		line(`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[(?:error|warn|notice|crit|alert|emerg|info)\] \d+#\d+: `),
		line(`\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}\] \[[^\]\n]*\] `))},
	{"output of tcpdump", "capture into a file (-w) and extract the statements with tshark; for sqleuth " + give, line(`\d\d:\d\d:\d\d\.\d{6} (?:IP6?|ARP) `)},
	{"an error log of a MySQL or MariaDB server", give, line(`(?:\d{4}-\d\d-\d\d[T ] ?\d?\d:\d\d:\d\d(?:\.\d{6})?(?:Z|[+-]\d\d:\d\d)?|\d{6} +\d?\d:\d\d:\d\d) (?:(?:0x)?[0-9a-f]+ )?(?:\[(?:Note|Warning|ERROR|Error|System)\]|mysqld_safe |InnoDB: )`)},

	{"a web page", "give the log itself", begins(`(?i)<!doctype html|<html\b`)},
	{"a text in RTF", "save the log as plain text", begins(`\{\\rtf1`)},
	{"a log of entries behind a prefix that is not known", "cut the prefix off each line, so that a line begins with its time", line(`[^\t\n]{0,300}?\d{2}:\d\d:\d\d[^\n]{0,20}?[\sZ]+\d+ (?:Query|Connect|Quit|Init DB|Prepare|Execute)(?:\t| {2,})`)},
	{"events of CloudWatch Logs as text", "list them with --output json", line(`EVENTS\t\d+\t`)},
	{"a CSV, TSV or other table with no column of a general log", giveTable, begins(`[A-Za-z_"][\w "]{0,60}(?:[,;\t][\w "]{1,60}){3,}\r?\n`)},
	{"log entries of Google Cloud as YAML", "read them as JSON and from the first on: gcloud logging read --format=json --order=asc", line(`(?:- )?(?:insertId|logName|textPayload): `)},
	{"JSON", giveTable, begins(`[\[{]\s*["{]`)},
	{"XML", giveTable, begins(`<\?xml|<[a-z]\w*[ >]`)},
}

// auditForms is the advice for audit logs that are not read.
const auditForms = "sqleuth does not read this form: " + give
