package sqltext

import (
	"bytes"
	"testing"
)

var benchmarkStatements = []struct {
	name, sql string
}{
	{"Options", "SELECT option_value FROM wp_options WHERE option_name = 'WPLANG' LIMIT 1"},
	{"Posts", "SELECT   wp_posts.* FROM wp_posts  WHERE 1=1  AND wp_posts.post_type = 'nav_menu_item' AND " +
		"((wp_posts.post_status = 'publish' OR wp_posts.post_status = 'private'))  ORDER BY wp_posts.post_date DESC LIMIT 0, 10 -- 230 by"},
	{"Terms", "SELECT t.*, tt.* FROM wp_terms AS t INNER JOIN wp_term_taxonomy AS tt ON t.term_id = tt.term_id WHERE t.term_id IN " +
		"(14,7,12,18,4,1) AND tt.taxonomy IN ('category', 'post_tag') ORDER BY t.name ASC LIMIT 0, 100 -- 230 bytes"},
	{"Insert", "INSERT INTO `wp_options` (`option_name`, `option_value`, `autoload`) VALUES ('_transient_doing_cron', " +
		"'1741672440.2893359661102294921875', 'yes') ON DUPLICATE KEY UPDATE `option_name` = VALUES(`option_name`)"},
	{"Variable", "SELECT @@SESSION.sql_mode"},
}

func BenchmarkParse(b *testing.B) {
	for _, c := range benchmarkStatements {
		b.Run(c.name, func(b *testing.B) {
			sql := []byte(c.sql)
			var s Statement
			var tokens Tokens
			b.SetBytes(int64(len(sql)))
			b.ReportAllocs()
			for b.Loop() {
				tokens.Lex(sql)
				tokens.Parse(&s)
			}
		})
	}
}

// BenchmarkCapture reads all statements of the recorded incident once.
func BenchmarkCapture(b *testing.B) {
	statements := captureStatements(b)
	size := 0
	for _, sql := range statements {
		size += len(sql)
	}
	run := func(name string, read func(sql []byte)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for _, sql := range statements {
					read(sql)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(statements)), "ns/statement")
		})
	}
	var tokens Tokens
	var s Statement
	var out []byte
	run("Lex", func(sql []byte) { tokens.Lex(sql) })
	run("Parse", func(sql []byte) { tokens.Lex(sql); tokens.Parse(&s) })
	run("AppendCollapsed", func(sql []byte) { tokens.Lex(sql); out, _ = AppendCollapsed(out[:0], &tokens) })
	run("MayCollapse", func(sql []byte) { MayCollapse(sql) })
}

func BenchmarkLexerLongString(b *testing.B) {
	sql := append([]byte("INSERT INTO t VALUES ('"), bytes.Repeat([]byte(`a:1:{s:8:\"do_pings\";} `), 1<<12)...)
	b.SetBytes(int64(len(sql)))
	b.ReportAllocs()
	for b.Loop() {
		EndState(sql)
	}
}
