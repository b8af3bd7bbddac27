package sqltext

import (
	"fmt"
	"strings"
	"testing"
)

// statementCases holds statements with the action and the tables that they
// must give, main table first. The fuzz targets start from them too.
var statementCases = []struct {
	name   string
	sql    string
	action Action
	tables string // separated by a space
}{
	// What is no statement.
	{"empty", "", None, ""},
	{"white space", " \t\r\n\v\f", None, ""},
	{"comment only", "/* ping */ -- x", None, ""},
	{"rest of another statement", "M', 'x') FROM t", None, ""},
	{"unknown verb", "FROBNICATE TABLE t", None, ""},
	{"quoted verb", "`SELECT` 1 FROM t", None, ""},
	{"number", "42", None, ""},
	{"NUL", "\x00SELECT 1 FROM t", None, ""},

	// Case, comments, brackets.
	{"lower case", "select a from t", Select, "t"},
	{"mixed case", "SeLeCt a FrOm T", Select, "T"},
	{"white space of all kinds", "SELECT\ta\r\nFROM\vt\fWHERE 1", Select, "t"},
	{"leading comment", "/* ApplicationName=x */ SELECT a FROM t", Select, "t"},
	{"leading line comments", "-- x\n# y\n--\tz\nSELECT a FROM t", Select, "t"},
	{"dashes that are no comment", "SELECT 1--1 FROM t", Select, "t"},
	{"comment in front of the table", "SELECT a FROM/**/t", Select, "t"},
	{"FROM in a comment", "SELECT a /* FROM x */ FROM t -- FROM y", Select, "t"},
	{"hint comment", "SELECT /*+ NO_INDEX_MERGE(x) */ a FROM t", Select, "t"},
	{"version comment around the verb", "/*!50000 SELECT */ a FROM t", Select, "t"},
	{"version comment around the table", "SELECT a FROM /*!50000 t*/", Select, "t"},
	{"version comment without a number", "/*!SELECT*/ a /*!FROM*/ t", Select, "t"},
	{"MariaDB version comment", "/*M!100100 SELECT */ a FROM t", Select, "t"},
	{"comment in a version comment", "/*!50000 SELECT /* x */ a FROM t */", Select, "t"},
	{"version of no server", "SELECT a /*!99999 FROM x */ FROM t", Select, "t"},
	{"version of no server, six digits", "/*!999999\\- enable the sandbox mode */ SELECT a FROM t", Select, "t"},
	{"mysqldump", "SELECT /*!40001 SQL_NO_CACHE */ * FROM `wp_users`", Select, "wp_users"},
	{"leading bracket", "(SELECT a FROM t)", Select, "t"},
	{"leading brackets and UNION", "((SELECT a FROM t) UNION (SELECT b FROM u)) ORDER BY 1", Select, "t u"},
	{"leading semicolons", ";; SELECT a FROM t", Select, "t"},
	{"stray closing bracket", "SELECT a) FROM t", Select, "t"},
	{"number against FROM", "SELECT 1.FROM t", Select, "t"},
	{"float against FROM", "SELECT 1e1FROM t", Select, "t"},
	{"string against FROM", "SELECT'a'FROM`t`WHERE 1", Select, "t"},

	// SELECT.
	{"no FROM", "SELECT @@version_comment LIMIT 1", Select, ""},
	{"system variable", "SELECT @@SESSION.sql_mode", Select, ""},
	{"dual", "SELECT 1 FROM dual", Select, ""},
	{"quoted dual", "SELECT 1 FROM `dual`", Select, "dual"},
	{"found rows", "SELECT SQL_CALC_FOUND_ROWS  wp_posts.ID FROM wp_posts  WHERE 1=1", Select, "wp_posts"},
	{"star", "SELECT t.*, tt.* FROM wp_terms AS t INNER JOIN wp_term_taxonomy AS tt ON t.term_id = tt.term_id",
		Select, "wp_terms wp_term_taxonomy"},
	{"comma list", "SELECT a FROM t, u AS x, v y WHERE 1", Select, "t u v"},
	{"all kinds of JOIN", "SELECT 1 FROM a JOIN b INNER JOIN c CROSS JOIN d LEFT OUTER JOIN e USING (id) RIGHT JOIN f ON 1 " +
		"NATURAL LEFT JOIN g STRAIGHT_JOIN h ON 1, i", Select, "a b c d e f g h i"},
	{"STRAIGHT_JOIN as an option", "SELECT STRAIGHT_JOIN a FROM t", Select, "t"},
	{"commas in a condition", "SELECT 1 FROM a JOIN b ON a.x IN (1, 2) AND f(x, y), c", Select, "a b c"},
	{"commas behind the tables", "SELECT 1 FROM a WHERE x ORDER BY b, c LIMIT 1, 2", Select, "a"},
	{"GROUP BY behind JOIN", "SELECT 1 FROM a JOIN b ON x GROUP BY c, d WITH ROLLUP HAVING e", Select, "a b"},
	{"joins in brackets", "SELECT 1 FROM (a JOIN (b, c) ON 1) LEFT JOIN (d) ON 1", Select, "a b c d"},
	{"ODBC join", "SELECT 1 FROM { OJ a LEFT OUTER JOIN b ON a.x = b.x }, c", Select, "a b c"},
	{"derived table", "SELECT * FROM (SELECT a FROM t WHERE b) AS x JOIN u", Select, "t u"},
	{"derived tables, nested", "SELECT * FROM ((SELECT * FROM (SELECT 1 FROM t) x)) y", Select, "t"},
	{"subquery in the list", "SELECT (SELECT MAX(x) FROM u), 1 FROM t", Select, "t u"},
	{"subquery only", "SELECT (SELECT MAX(x) FROM u)", Select, "u"},
	{"subquery in a condition", "SELECT a FROM t WHERE x IN (SELECT y FROM u WHERE EXISTS (SELECT 1 FROM v))",
		Select, "t u v"},
	{"derived table with subquery in its list", "SELECT 1 FROM (SELECT (SELECT a FROM x) FROM y) z", Select, "y x"},
	{"lateral", "SELECT * FROM t, LATERAL (SELECT * FROM u WHERE u.a = t.a) AS d", Select, "t u"},
	{"JSON_TABLE", "SELECT * FROM JSON_TABLE('[1,2]', '$[*]' COLUMNS (a INT PATH '$')) AS jt, t", Select, "t"},
	{"JSON_TABLE with a space", "SELECT * FROM t JOIN JSON_TABLE (t.j, '$' COLUMNS (a INT PATH '$')) jt", Select, "t"},
	{"UNION", "SELECT a FROM t UNION ALL SELECT b FROM u UNION DISTINCT (SELECT c FROM v)", Select, "t u v"},
	{"UNION, first without table", "SELECT 1 UNION SELECT user_pass FROM wp_users", Select, "wp_users"},
	{"EXCEPT and TABLE", "SELECT a FROM t EXCEPT TABLE u", Select, "t u"},
	{"index hints", "SELECT 1 FROM a USE INDEX FOR JOIN (i, j), IGNORE KEY FOR ORDER BY (k) FORCE INDEX (l), b", Select, "a b"},
	{"partition", "SELECT 1 FROM a PARTITION (p0, p1) AS x, b", Select, "a b"},
	{"INTO OUTFILE", "SELECT a INTO OUTFILE '/tmp/x' FIELDS TERMINATED BY ',' FROM t", Select, "t"},
	{"INTO variables", "SELECT a, b INTO @x, @y FROM t", Select, "t"},
	{"INTO OUTFILE behind", "SELECT a FROM t INTO OUTFILE 'x'", Select, "t"},
	{"locking", "SELECT a FROM t FOR UPDATE OF x SKIP LOCKED", Select, "t"},
	{"LOCK IN SHARE MODE", "SELECT a FROM t LOCK IN SHARE MODE", Select, "t"},
	{"system versioning", "SELECT 1 FROM a FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-01', b", Select, "a b"},
	{"system versioning, range", "SELECT 1 FROM a FOR SYSTEM_TIME FROM x TO y, b", Select, "a b"},
	{"window", "SELECT ROW_NUMBER() OVER (PARTITION BY a, b) FROM t WINDOW w AS (ORDER BY c), x AS (ORDER BY d)", Select, "t"},
	{"FROM in functions", "SELECT EXTRACT(YEAR FROM d), TRIM(LEADING 'x' FROM e), SUBSTRING(f FROM 2 FOR 3) FROM t WHERE " +
		"TRIM(BOTH FROM g)", Select, "t"},
	{"only FROM in functions", "SELECT TRIM(x FROM y)", Select, ""},
	{"subquery in a function with FROM", "SELECT TRIM('x' FROM (SELECT a FROM t))", Select, "t"},
	{"keywords inside names", "SELECT from_date, joins, `from` FROM join_table fromage", Select, "join_table"},
	{"keywords behind dots", "SELECT t.from, t.select FROM db.table JOIN x.where", Select, "db.table x.where"},
	{"same table twice", "SELECT 1 FROM t a JOIN t b JOIN `t` c", Select, "t"},
	{"placeholder", "SELECT a FROM t WHERE b = ? AND c IN (?, ?)", Select, "t"},
	{"TABLE", "TABLE db.t ORDER BY a, b LIMIT 1", TableStatement, "db.t"},
	{"VALUES", "VALUES ROW(1, 2), ROW(3, 4)", Values, ""},
	{"derived VALUES", "SELECT * FROM (VALUES ROW(1), ROW(2)) AS v, t", Select, "t"},
	{"derived TABLE", "SELECT * FROM (TABLE t) AS v", Select, "t"},

	// WITH.
	{"CTE", "WITH c AS (SELECT a FROM t) SELECT * FROM c JOIN u", Select, "t u"},
	{"CTE, table first", "WITH c AS (SELECT a FROM t) SELECT * FROM u JOIN c", Select, "u t"},
	{"CTE with columns", "WITH c (x, y) AS (SELECT a, b FROM t), d AS (SELECT x FROM C) SELECT * FROM d", Select, "t"},
	{"CTE without table", "WITH c AS (SELECT 1) SELECT * FROM c JOIN t", Select, "t"},
	{"CTE, second one used", "WITH c AS (SELECT 1 FROM t), d AS (SELECT 1 FROM u) SELECT * FROM d", Select, "u t"},
	{"recursive CTE", "WITH RECURSIVE c AS (SELECT 1 AS n FROM t UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT * FROM c",
		Select, "t"},
	{"CTE named like its table", "WITH wp_users AS (SELECT * FROM wp_users) SELECT * FROM wp_users", Select, "wp_users"},
	{"CTE does not hide a qualified name", "WITH t AS (SELECT 1) SELECT * FROM db.t", Select, "db.t"},
	{"CTE ends with its brackets", "SELECT * FROM (WITH t AS (SELECT 1) SELECT * FROM t) x, t", Select, "t"},
	{"CTE in a CTE", "WITH a AS (WITH b AS (SELECT * FROM t) SELECT * FROM b) SELECT * FROM a, b", Select, "t b"},
	{"CTE, subquery in its list", "WITH c AS (SELECT (SELECT 1 FROM x)) SELECT * FROM c", Select, "x"},
	{"WITH ... UPDATE", "WITH c AS (SELECT a FROM t) UPDATE u JOIN c USING (a) SET u.b = 1", Update, "u t"},
	{"WITH ... DELETE", "WITH c AS (SELECT a FROM t) DELETE FROM u WHERE a IN (SELECT a FROM c)", Delete, "u t"},
	{"WITH ... brackets", "WITH c AS (SELECT a FROM t) (SELECT * FROM c)", Select, "t"},
	{"INSERT WITH", "INSERT INTO x WITH c AS (SELECT a FROM t) SELECT * FROM c", Insert, "x t"},
	{"WITH, cut", "WITH c AS (SELECT a FROM t", With, "t"},
	{"quoted CTE", "WITH `c` AS (SELECT a FROM t) SELECT * FROM C", Select, "t"},

	// INSERT, REPLACE.
	{"INSERT", "INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y')", Insert, "t"},
	{"INSERT without blanks", "insert into`t`(`a`)values(1)", Insert, "t"},
	{"INSERT options", "INSERT LOW_PRIORITY IGNORE INTO t SET a = 1", Insert, "t"},
	{"INSERT without INTO", "INSERT HIGH_PRIORITY t VALUES (1)", Insert, "t"},
	{"INSERT DELAYED", "INSERT DELAYED db.t VALUES (1)", Insert, "db.t"},
	{"INSERT PARTITION", "INSERT INTO t PARTITION (p0, p1) (a) VALUES (1)", Insert, "t"},
	{"INSERT ON DUPLICATE KEY", "INSERT INTO `wp_options` (`option_name`) VALUES ('x') ON DUPLICATE KEY UPDATE " +
		"`option_name` = VALUES(`option_name`), `autoload` = VALUES(`autoload`)", Insert, "wp_options"},
	{"INSERT SELECT", "INSERT INTO t (a) SELECT b FROM u JOIN v ON DUPLICATE KEY UPDATE a = 1, b = 2", Insert, "t u v"},
	{"INSERT bracket SELECT", "INSERT INTO t (SELECT b FROM u)", Insert, "t u"},
	{"INSERT TABLE", "INSERT INTO t TABLE u", Insert, "t u"},
	{"INSERT, subquery as value", "INSERT INTO t VALUES ((SELECT MAX(a) FROM u))", Insert, "t u"},
	{"INSERT RETURNING", "INSERT INTO t (a) VALUES (1) RETURNING id, a", Insert, "t"},
	{"INSERT cut", "INSERT INTO t (a) VALUES ('abc", Insert, "t"},
	{"INSERT, function with FROM", "INSERT INTO t VALUES (TRIM('x' FROM y))", Insert, "t"},
	{"REPLACE", "REPLACE INTO t VALUES (1)", Replace, "t"},
	{"REPLACE DELAYED", "replace delayed t select * from u", Replace, "t u"},

	// UPDATE.
	{"UPDATE", "UPDATE `t` SET a = 'x, y', b = 2 WHERE c = 3", Update, "t"},
	{"UPDATE options", "UPDATE LOW_PRIORITY IGNORE t SET a = 1", Update, "t"},
	{"UPDATE JOIN", "UPDATE t1 a JOIN t2 b ON a.x = b.x SET a.y = b.y, a.z = 1", Update, "t1 t2"},
	{"UPDATE comma list", "UPDATE t1, t2 SET t1.a = t2.a, t1.b = 1", Update, "t1 t2"},
	{"UPDATE with subquery", "UPDATE t SET a = (SELECT b FROM u LIMIT 1), c = 1", Update, "t u"},
	{"UPDATE derived", "UPDATE (SELECT a FROM u) x JOIN t ON 1 SET t.a = 1", Update, "u t"},

	// DELETE.
	{"DELETE", "DELETE FROM t WHERE a = 1", Delete, "t"},
	{"DELETE options", "DELETE LOW_PRIORITY QUICK IGNORE FROM t", Delete, "t"},
	{"DELETE from quick", "DELETE FROM quick", Delete, "quick"},
	{"DELETE multi", "DELETE t1, t2 FROM t1 INNER JOIN t2 WHERE 1", Delete, "t1 t2"},
	{"DELETE multi, second", "DELETE t2 FROM t1 INNER JOIN t2 WHERE 1", Delete, "t2 t1"},
	{"DELETE multi, star", "DELETE t1.*, t2.* FROM t1, t2", Delete, "t1 t2"},
	{"DELETE multi, alias", "DELETE b FROM x a JOIN y AS b ON 1 JOIN z", Delete, "y x z"},
	{"DELETE multi, quoted alias", "DELETE `b` FROM x AS a JOIN y AS B ON 1", Delete, "y x"},
	{"DELETE WordPress", "DELETE a, b FROM wp_options a, wp_options b WHERE a.option_name LIKE '_x%'", Delete, "wp_options"},
	{"DELETE USING", "DELETE FROM b USING x AS a JOIN y AS b ON 1", Delete, "y x"},
	{"DELETE USING, list", "DELETE FROM a.*, b USING x AS a JOIN y AS b ON 1", Delete, "x y"},
	{"DELETE with subquery", "DELETE FROM t WHERE a IN (SELECT b FROM u)", Delete, "t u"},
	{"DELETE multi, cut", "DELETE t1, t2", Delete, "t1"},
	{"DELETE alias unknown", "DELETE q FROM x JOIN y", Delete, "x y"},
	{"DELETE RETURNING", "DELETE FROM t WHERE a RETURNING b, c", Delete, "t"},
	{"DELETE FOR PORTION OF", "DELETE FROM t FOR PORTION OF p FROM '2000-01-01' TO '2001-01-01'", Delete, "t"},

	// LOAD, CALL, HANDLER, prepared statements, SET.
	{"LOAD DATA", "LOAD DATA LOCAL INFILE 'x' REPLACE INTO TABLE db.t FIELDS TERMINATED BY ',' (a, b)", Load, "db.t"},
	{"LOAD XML with subquery", "LOAD XML INFILE 'x' INTO TABLE t SET a = (SELECT b FROM u)", Load, "t u"},
	{"LOAD INDEX", "LOAD INDEX INTO CACHE t IGNORE LEAVES", Load, "t"},
	{"CALL", "CALL db.proc(1, 'x')", Call, ""},
	{"CALL with subquery", "CALL proc((SELECT a FROM t))", Call, "t"},
	{"ODBC CALL", "{ CALL proc(1) }", Call, ""},
	{"HANDLER", "HANDLER t READ FIRST", Handler, "t"},
	{"PREPARE", "PREPARE s FROM 'SELECT a FROM t'", Prepare, ""},
	{"EXECUTE", "EXECUTE s USING @a, @b", Execute, ""},
	{"DEALLOCATE", "DEALLOCATE PREPARE s", Deallocate, ""},
	{"DO", "DO SLEEP(5)", Do, ""},
	{"SET", "SET SESSION sql_mode = 'x', @a = 1", Set, ""},
	{"SET with subquery", "SET @a = (SELECT user_pass FROM wp_users LIMIT 1)", Set, "wp_users"},
	{"SET STATEMENT", "SET STATEMENT max_statement_time = 1 FOR SELECT a FROM t", Select, "t"},
	{"SET statement variable", "SET statement = 1", Set, ""},
	{"SET NAMES", "SET NAMES 'utf8mb4' COLLATE 'utf8mb4_unicode_520_ci'", Set, ""},

	// SHOW, DESCRIBE, EXPLAIN.
	{"SHOW COLUMNS", "SHOW FULL COLUMNS FROM `t`", Show, "t"},
	{"SHOW COLUMNS FROM db", "SHOW COLUMNS FROM t FROM db LIKE 'x%'", Show, "db.t"},
	{"SHOW FIELDS IN", "show extended full fields in t in `db`", Show, "db.t"},
	{"SHOW INDEX", "SHOW INDEX FROM db.t", Show, "db.t"},
	{"SHOW KEYS", "SHOW KEYS IN t", Show, "t"},
	{"SHOW CREATE TABLE", "SHOW CREATE TABLE `db`.`t`", Show, "db.t"},
	{"SHOW CREATE VIEW", "SHOW CREATE VIEW v", Show, "v"},
	{"SHOW CREATE PROCEDURE", "SHOW CREATE PROCEDURE p", Show, ""},
	{"SHOW TABLES", "SHOW TABLES FROM db LIKE 'wp_%'", Show, ""},
	{"SHOW TABLE STATUS", "SHOW TABLE STATUS FROM db LIKE 'wp_posts'", Show, ""},
	{"SHOW with comment", "show /*!50002 GLOBAL */ status", Show, ""},
	{"SHOW BINLOG EVENTS", "SHOW BINLOG EVENTS IN 'x' FROM 4 LIMIT 2", Show, ""},
	{"DESCRIBE", "DESCRIBE db.t col", Describe, "db.t"},
	{"DESC", "desc `t`", Describe, "t"},
	{"DESC SELECT", "DESC SELECT a FROM t", Describe, "t"},
	{"EXPLAIN table", "EXPLAIN t", Explain, "t"},
	{"EXPLAIN SELECT", "EXPLAIN EXTENDED SELECT a FROM t JOIN u", Explain, "t u"},
	{"EXPLAIN FORMAT", "EXPLAIN FORMAT=JSON UPDATE t SET a = 1", Explain, "t"},
	{"EXPLAIN ANALYZE", "EXPLAIN ANALYZE SELECT a FROM t", Explain, "t"},
	{"EXPLAIN bracket", "EXPLAIN (SELECT a FROM t) UNION (SELECT a FROM u)", Explain, "t u"},
	{"EXPLAIN WITH", "EXPLAIN WITH c AS (SELECT a FROM t) DELETE FROM u", Explain, "u t"},
	{"EXPLAIN FOR CONNECTION", "EXPLAIN FOR CONNECTION 5", Explain, ""},
	{"ANALYZE SELECT", "ANALYZE FORMAT=JSON SELECT a FROM t", Analyze, "t"},

	// DDL.
	{"CREATE TABLE", "CREATE TABLE IF NOT EXISTS db.t (id INT, CONSTRAINT x FOREIGN KEY (a) REFERENCES u (b) ON DELETE CASCADE)",
		Create, "db.t u"},
	{"CREATE TABLE LIKE", "CREATE TEMPORARY TABLE t LIKE u", Create, "t u"},
	{"CREATE TABLE (LIKE)", "CREATE TABLE t (LIKE u)", Create, "t u"},
	{"CREATE TABLE, LIKE in a check", "CREATE TABLE t (a INT CHECK (a LIKE b))", Create, "t"},
	{"CREATE TABLE SELECT", "CREATE OR REPLACE TABLE t (a INT) ENGINE=InnoDB AS SELECT a FROM u", Create, "t u"},
	{"CREATE VIEW", "CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW v (a) AS SELECT a FROM t",
		Create, "v t"},
	{"CREATE INDEX", "CREATE UNIQUE INDEX i USING BTREE ON t (a, b)", Create, "t"},
	{"CREATE TRIGGER", "CREATE DEFINER = event@localhost TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN DELETE FROM u; END",
		Create, "t"},
	{"CREATE DATABASE", "CREATE DATABASE IF NOT EXISTS db", Create, ""},
	{"CREATE USER", "CREATE USER 'x'@'%' IDENTIFIED WITH 'p' AS '<secret>'", Create, ""},
	{"CREATE PROCEDURE", "CREATE PROCEDURE p() SELECT a FROM t", Create, ""},
	{"CREATE EVENT", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t", Create, ""},
	{"ALTER TABLE", "ALTER TABLE `t` ADD COLUMN a INT, ADD FOREIGN KEY (b) REFERENCES db.u (c)", Alter, "t db.u"},
	{"ALTER TABLE RENAME", "ALTER IGNORE TABLE t RENAME TO u, RENAME COLUMN a TO b, RENAME INDEX c TO d", Alter, "t u"},
	{"ALTER TABLE EXCHANGE", "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u", Alter, "t u"},
	{"ALTER VIEW", "ALTER VIEW v AS SELECT a FROM t", Alter, "v t"},
	{"ALTER USER", "ALTER USER root@localhost IDENTIFIED BY 'x'", Alter, ""},
	{"DROP TABLE", "DROP TEMPORARY TABLE IF EXISTS a, db.b CASCADE", Drop, "a db.b"},
	{"DROP TABLE, first name cut", "DROP TABLE a., b", Drop, "b"},
	{"DROP VIEW", "DROP VIEW a, b", Drop, "a b"},
	{"DROP INDEX", "DROP INDEX i ON t", Drop, "t"},
	{"DROP DATABASE", "DROP DATABASE db", Drop, ""},
	{"DROP TRIGGER", "DROP TRIGGER IF EXISTS x", Drop, ""},
	{"TRUNCATE", "TRUNCATE t", Truncate, "t"},
	{"TRUNCATE TABLE", "TRUNCATE TABLE db.t", Truncate, "db.t"},
	{"RENAME TABLE", "RENAME TABLE a TO b, db.c TO d", Rename, "a b db.c d"},
	{"RENAME USER", "RENAME USER a TO b", Rename, ""},

	// Administration.
	{"LOCK TABLES", "LOCK TABLES a READ, b AS x LOW_PRIORITY WRITE, `c` READ LOCAL", Lock, "a b c"},
	{"UNLOCK TABLES", "UNLOCK TABLES", Unlock, ""},
	{"LOCK INSTANCE", "LOCK INSTANCE FOR BACKUP", Lock, ""},
	{"OPTIMIZE", "OPTIMIZE NO_WRITE_TO_BINLOG TABLE a, b", Optimize, "a b"},
	{"ANALYZE TABLE", "ANALYZE TABLE a UPDATE HISTOGRAM ON b, c WITH 4 BUCKETS", Analyze, "a"},
	{"ANALYZE LOCAL TABLE", "ANALYZE LOCAL TABLE a, b", Analyze, "a b"},
	{"CHECK TABLE", "CHECK TABLE a, b QUICK", Check, "a b"},
	{"REPAIR TABLE", "REPAIR TABLE a USE_FRM", Repair, "a"},
	{"CHECKSUM TABLE", "CHECKSUM TABLE a, b EXTENDED", Checksum, "a b"},
	{"FLUSH TABLES", "FLUSH TABLES a, b FOR EXPORT", Flush, "a b"},
	{"FLUSH TABLES WITH", "FLUSH TABLES WITH READ LOCK", Flush, ""},
	{"FLUSH PRIVILEGES", "FLUSH PRIVILEGES", Flush, ""},
	{"CACHE INDEX", "CACHE INDEX t IN c", Cache, "t"},
	{"GRANT", "GRANT SELECT (a, b), INSERT ON db.t TO 'x'@'%'", Grant, "db.t"},
	{"GRANT TABLE", "GRANT ALL ON TABLE `db`.`t` TO x", Grant, "db.t"},
	{"GRANT all", "GRANT ALL PRIVILEGES ON *.* TO x WITH GRANT OPTION", Grant, ""},
	{"GRANT schema", "GRANT ALL ON db.* TO x", Grant, ""},
	{"GRANT role", "GRANT r TO x", Grant, ""},
	{"GRANT PROXY", "GRANT PROXY ON root TO x", Grant, ""},
	{"GRANT EXECUTE", "GRANT EXECUTE ON PROCEDURE db.p TO x", Grant, ""},
	{"REVOKE", "REVOKE INSERT ON t FROM x", Revoke, "t"},
	{"START", "START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */", Start, ""},
	{"COMMIT", "COMMIT", Commit, ""},
	{"ROLLBACK", "ROLLBACK TO SAVEPOINT `x`", Rollback, ""},
	{"USE", "USE `db`", Use, ""},
	{"XA", "XA START 'x'", XA, ""},
	{"KILL", "KILL QUERY 5", Kill, ""},
	{"INSTALL", "INSTALL PLUGIN x SONAME 'y.so'", Install, ""},

	// Names.
	{"quoted qualified", "SELECT a FROM `db`.`t`", Select, "db.t"},
	{"blanks around the dot", "SELECT a FROM db . t WHERE 1", Select, "db.t"},
	{"half quoted", "SELECT a FROM db.`t`", Select, "db.t"},
	{"comment around the dot", "SELECT a FROM db/*x*/./*y*/t", Select, "db.t"},
	{"leading dot", "SELECT a FROM .t", Select, "t"},
	{"dot in quotes", "SELECT a FROM `a.b`", Select, "`a.b`"},
	{"dots in both", "SELECT a FROM `a.b`.`c``d`", Select, "`a.b`.`c``d`"},
	{"doubled back-quote", "SELECT a FROM `a``b`", Select, "`a``b`"},
	{"empty name", "SELECT a FROM ``", Select, "``"},
	{"ANSI quotes", `SELECT "a" FROM "db"."t""u"`, Select, `db.t"u`},
	{"blank in a name", "SELECT a FROM `my table`", Select, "my\u00a0table"},
	{"name begins with a digit", "SELECT a FROM 2024_sales JOIN db.2024 JOIN db.1e5x", Select, "2024_sales db.2024 db.1e5x"},
	{"dollar and UTF-8", "SELECT a FROM t$1 JOIN täble", Select, "t$1 täble"},
	{"invalid UTF-8", "SELECT a FROM t\xff\xc3", Select, "t\xff\xc3"},
	{"unreserved keywords as names", "SELECT a FROM user, event, view, tables, columns, format, status",
		Select, "user event view tables columns format status"},
	{"open quote", "SELECT a FROM `tab", Select, "tab"},
	{"variable for a table", "SELECT a FROM @x, t", Select, "t"},
	{"placeholder for a table", "SELECT a FROM ?", Select, ""},
	{"cut behind FROM", "SELECT a FROM", Select, ""},
	{"cut behind the dot", "SELECT a FROM db.", Select, ""},
	{"keyword for a table", "SELECT a FROM WHERE b", Select, ""},

	// Strings.
	{"FROM in strings", `SELECT 'x FROM a', "FROM b", 'it''s FROM c', 'it\'s FROM d', "\\" FROM t`, Select, "t"},
	{"prefixed strings", "SELECT N'FROM a', _utf8'FROM b', x'41', X'4', 0x41, b'01', B'2', n'FROM c' FROM t", Select, "t"},
	{"NUL in a string", "SELECT 'a\x00b' FROM t", Select, "t"},
	{"binary string", "SELECT '\xff\xfe\\'\x1a FROM a' FROM t", Select, "t"},
	{"back-quote in a string", "SELECT '`' FROM t WHERE a = '`'", Select, "t"},
	{"open string", "SELECT 'a FROM t", Select, ""},
	{"open comment", "SELECT a /* FROM t", Select, ""},

	// Several statements.
	{"stacked", "SELECT a FROM t; DROP TABLE u", Select, "t"},
	{"stacked in brackets", "SELECT (a; DROP TABLE u", Select, ""},
}

func tableNames(sql string, tables []Table) string {
	var names []string
	for _, t := range tables {
		// The expectations are separated by blanks.
		names = append(names, strings.ReplaceAll(string(t.AppendName(nil, []byte(sql))), " ", "\u00a0"))
	}
	return strings.Join(names, " ")
}

func TestParse(t *testing.T) {
	var s Statement
	for _, c := range statementCases {
		t.Run(c.name, func(t *testing.T) {
			lex([]byte(c.sql)).Parse(&s)
			if got := tableNames(c.sql, s.Tables); s.Action != c.action || got != c.tables {
				t.Errorf("%q\ngot  %v %q\nwant %v %q", c.sql, s.Action, got, c.action, c.tables)
			}
		})
	}
}

func TestParseDetails(t *testing.T) {
	for _, c := range []struct {
		sql          string
		routine      string
		where, limit bool
		rest         string // from Next on; "-" if there is none
	}{
		{"SELECT a FROM t WHERE b LIMIT 1", "", true, true, "-"},
		{"SELECT a FROM t", "", false, false, "-"},
		{"SELECT (SELECT 1 FROM u WHERE x LIMIT 1) FROM t", "", false, false, "-"},
		{"SELECT 'WHERE', limits /* LIMIT */ FROM t", "", false, false, "-"},
		{"UPDATE t SET a = 1 WHERE b", "", true, false, "-"},
		{"SELECT a FROM t LIMIT 1 UNION SELECT b FROM u WHERE c", "", true, true, "-"},
		{"DELETE FROM t LIMIT 5", "", false, true, "-"},
		{"WITH c AS (SELECT 1 FROM t WHERE x) SELECT * FROM c", "", false, false, "-"},
		{"CALL db.p(1)", "db.p", false, false, "-"},
		{"CREATE DEFINER=`a`@`b` PROCEDURE IF NOT EXISTS p(x INT) BEGIN SELECT 1; SELECT 2; END", "p", false, false, "-"},
		{"CREATE FUNCTION sys_exec RETURNS INT SONAME 'x.so'; SELECT sys_exec('id')", "sys_exec", false, false,
			"SELECT sys_exec('id')"},
		{"CREATE PROCEDURE p() SELECT 1; DROP TABLE t", "p", false, false, "DROP TABLE t"},
		{"DROP FUNCTION IF EXISTS db.f", "db.f", false, false, "-"},
		{"GRANT EXECUTE ON PROCEDURE db.p TO x", "db.p", false, false, "-"},
		{"SHOW CREATE FUNCTION f", "f", false, false, "-"},
		{"BEGIN NOT ATOMIC SELECT 1; SELECT 2; END", "", false, false, "-"},
		{"BEGIN; SELECT 1", "", false, false, "SELECT 1"},
		{"SELECT 1; -- done", "", false, false, "-"},
		{"SELECT ';' ;; /* x */ ; DROP TABLE t; SELECT 2", "", false, false, "DROP TABLE t; SELECT 2"},
		{"INSERT INTO t VALUES (1);DELETE FROM t", "", false, false, "DELETE FROM t"},
		{"USE db; SELECT 1", "", false, false, "SELECT 1"},
		{"FROBNICATE; SELECT 1", "", false, false, "SELECT 1"},
	} {
		var s Statement
		lex([]byte(c.sql)).Parse(&s)
		routine, rest := "", "-"
		if !s.Routine.Name.empty() {
			routine = string(s.Routine.AppendName(nil, []byte(c.sql)))
		}
		if s.Next >= 0 {
			rest = c.sql[s.Next:]
		}
		if routine != c.routine || s.Where != c.where || s.Limit != c.limit || rest != c.rest {
			t.Errorf("%q: routine %q, where %v, limit %v, rest %q", c.sql, routine, s.Where, s.Limit, rest)
		}
	}
}

func TestNeedsTable(t *testing.T) {
	for sql, want := range map[string]bool{
		"SELECT @@x":                      false,
		"SELECT 1 FROM dual":              false,
		"SELECT 'FROM t' -- FROM t":       false,
		"SELECT a FROM t":                 true,
		"SELECT a FROM /* x */ dual":      false,
		"SELECT EXTRACT(YEAR FROM d)":     true,
		"INSERT INTO t VALUES (1)":        true,
		"DELETE FROM t":                   true,
		"UPDATE t SET a = 1":              true,
		"REPLACE t VALUES (1)":            true,
		"SET @a = (SELECT a FROM t)":      false,
		"SELECT 1 UNION SELECT 2 FROM t1": true,
	} {
		var s Statement
		lex([]byte(sql)).Parse(&s)
		if got := NeedsTable(s.Action, lex([]byte(sql))); got != want {
			t.Errorf("%q: %v, want %v", sql, got, want)
		}
	}
}

// TestParseBounds feeds what would exhaust a recursive or hoarding parser.
func TestParseBounds(t *testing.T) {
	const n = 100_000
	long := strings.Repeat("x", n)
	for name, c := range map[string]struct{ sql, main string }{
		"open brackets":     {strings.Repeat("(", n) + "SELECT a FROM t", "t"},
		"brackets":          {"SELECT " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + " FROM t", "t"},
		"nested subqueries": {strings.Repeat("SELECT (", n) + "SELECT a FROM t", "t"},
		"derived tables":    {strings.Repeat("SELECT * FROM (", n) + "SELECT a FROM t", "t"},
		"version comments":  {strings.Repeat("/*!", n) + "SELECT a FROM t", "t"},
		"WITH":              {strings.Repeat("WITH ", n) + "SELECT a FROM t", ""},
		"EXPLAIN":           {strings.Repeat("EXPLAIN ", n) + "SELECT a FROM t", ""},
		"INSERT WITH":       {strings.Repeat("INSERT INTO u WITH a AS (x) ", n), "u"},
		"SET STATEMENT":     {strings.Repeat("SET STATEMENT a FOR ", n) + "SELECT a FROM t", "t"},
		"UNION":             {"SELECT 1" + strings.Repeat(" UNION SELECT 1", n) + " FROM t", "t"},
		"semicolons":        {strings.Repeat(";", n) + "SELECT a FROM t", "t"},
		"tables":            {"SELECT a FROM t" + strings.Repeat(", t", n), "t"},
		"name":              {"SELECT a FROM " + long, long},
		"deep brackets":     {"SELECT TRIM(" + strings.Repeat("(", 2*maxDepth) + "1" + strings.Repeat(")", 2*maxDepth) + " FROM x) FROM t", "t"},
		"dots":              {"SELECT a FROM t" + strings.Repeat(".t", n), "t.t"},
		"closing brackets":  {"SELECT a" + strings.Repeat(")", n) + " FROM t", "t"},
		"hex":               {"SELECT " + strings.Repeat("x'1 ", n), ""},
		"open quotes":       {"SELECT a FROM t WHERE " + strings.Repeat("'\\'", n), "t"},
	} {
		sql := []byte(c.sql)
		checkParse(t, sql)
		if _, table := actionTable(sql); table != c.main {
			t.Errorf("%s: main table %.40q, want %.40q", name, table, c.main)
		}
	}
}

func TestParseManyTables(t *testing.T) {
	// Of more CTEs than are known, the further ones are taken for tables.
	var with strings.Builder
	for i := range 3 * maxCTEs {
		fmt.Fprintf(&with, ", c%d AS (SELECT * FROM t%d)", i, i)
	}
	sql := []byte("WITH" + with.String()[1:] + " SELECT * FROM c0")
	var s Statement
	lex(sql).Parse(&s)
	if s.Action != Select || mainName(sql, &s) != "t0" || len(s.Tables) != 3*maxCTEs || s.More {
		t.Errorf("%v %v, %d tables, more %v", s.Action, mainName(sql, &s), len(s.Tables), s.More)
	}

	// The main table comes last, behind a full list.
	sql = []byte("SELECT ")
	for i := range MaxTables {
		sql = fmt.Appendf(sql, "(SELECT a FROM u%d), ", i)
	}
	sql = append(sql, "1 FROM main"...)
	lex(sql).Parse(&s)
	if mainName(sql, &s) != "main" || len(s.Tables) != MaxTables || !s.More {
		t.Errorf("main table %v of %d, more %v", mainName(sql, &s), len(s.Tables), s.More)
	}
	checkParse(t, sql)

	// References are counted, so that a long list of the same table ends.
	sql = []byte("SELECT a FROM t" + strings.Repeat(", t", maxReferences) + ", u")
	lex(sql).Parse(&s)
	if got := tableNames(string(sql), s.Tables); got != "t" || !s.More {
		t.Errorf("tables %q, more %v", got, s.More)
	}
}

func TestNoAllocations(t *testing.T) {
	var s Statement
	for _, c := range statementCases {
		sql := []byte(c.sql)
		tokens := lex(sql)
		tokens.Parse(&s) // may make room for the tables
		if n := testing.AllocsPerRun(10, func() {
			tokens.Lex(sql)
			tokens.Parse(&s)
		}); n > 0 {
			t.Errorf("%q: %v allocations", c.sql, n)
		}
	}
}

func TestActionNames(t *testing.T) {
	seen := make(map[string]Action)
	for a := range numActions + 2 {
		name := a.String()
		switch other, ok := seen[name]; {
		case name == "":
			t.Errorf("action %d has no name", a)
		case ok && a < numActions:
			t.Errorf("actions %d and %d are both %q", a, other, name)
		case a != None && a < numActions:
			got, _ := actionTable([]byte(strings.ToLower(name) + " x"))
			if got != a {
				t.Errorf("%s is read as %v", name, got)
			}
		}
		seen[name] = a
	}
}
