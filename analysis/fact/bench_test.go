package fact

import (
	"testing"

	"sqleuth/analysis/sqltext"
)

// benchStatements are what a shop and a blog send.
var benchStatements = []string{
	"SELECT option_value FROM wp_options WHERE option_name = 'siteurl' LIMIT 1",
	"SELECT   wp_posts.* FROM wp_posts  WHERE 1=1  AND wp_posts.post_type = 'page' AND ((wp_posts.post_status = 'publish'))  ORDER BY wp_posts.post_date DESC LIMIT 0, 10",
	"UPDATE `wp_options` SET `option_value` = '1742012345.1234560012817382812500' WHERE `option_name` = '_transient_doing_cron'",
	"SELECT p.id, p.name, p.price, c.title FROM products p JOIN categories c ON c.id = p.category_id WHERE p.active = 1 AND p.name LIKE '%lamp%' ORDER BY p.name LIMIT 40",
	"INSERT INTO `orders` (`customer_id`, `total`, `note`, `created_at`) VALUES (4711, 99.95, 'please ring twice; the bell is broken', NOW())",
}

func BenchmarkOf(b *testing.B) {
	tokens := make([]sqltext.Tokens, len(benchStatements))
	parsed := make([]sqltext.Statement, len(benchStatements))
	for i, s := range benchStatements {
		tokens[i].Lex([]byte(s))
		tokens[i].Parse(&parsed[i])
	}
	var facts Builder
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		i := n % len(benchStatements)
		Of([]byte("Query"), &tokens[i], &parsed[i], &facts)
		facts.Set()
	}
}

func BenchmarkLiteralClasses(b *testing.B) {
	tokens := make([]sqltext.Tokens, len(benchStatements))
	for i, s := range benchStatements {
		tokens[i].Lex([]byte(s))
	}
	var out []byte
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		out, _ = AppendLiteralClasses(out[:0], &tokens[n%len(benchStatements)])
	}
}
