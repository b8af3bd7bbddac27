package sqltext

import "testing"

func TestQualify(t *testing.T) {
	for _, c := range []struct{ name, database, want string }{
		{"user", "mysql", "mysql.user"},
		{"shop.user", "mysql", "shop.user"},
		{"user", "-", "user"},
		{"user", "", "user"},
		{"-", "mysql", "-"},
		{"", "mysql", ""},
		{"`a.b`", "mysql", "mysql.`a.b`"},
		{"`a``.b`", "mysql", "mysql.`a``.b`"},
		{"`a.b`.c", "mysql", "`a.b`.c"},
		{"a.`b.c`", "mysql", "a.`b.c`"},
		{"`a``b`.c", "mysql", "`a``b`.c"},
		{"user", "a.b", "`a.b`.user"},
		{"user", "a`b", "`a``b`.user"},
		{"user", "my shop", "my shop.user"},
	} {
		if got := Qualify(c.name, c.database); got != c.want {
			t.Errorf("table %q in %q is %q, want %q", c.name, c.database, got, c.want)
		}
	}
}

// A name that a statement qualifies and one that the current database does are
// written alike.
func TestQualifyAsWritten(t *testing.T) {
	var st Statement
	for _, database := range []string{"mysql", "a.b", "a`b", "``", ".", "my shop", "ä"} {
		quoted := "`" + Ident(database) + "`"
		if got := Ident(database); got != database {
			quoted = got
		}
		sql := []byte("SELECT 1 FROM " + quoted + ".`user.`")
		lex(sql).Parse(&st)
		if len(st.Tables) != 1 {
			t.Fatalf("%s names %d tables", sql, len(st.Tables))
		}
		want := string(st.Tables[0].AppendName(nil, sql))
		bare := []byte("SELECT 1 FROM `user.`")
		lex(bare).Parse(&st)
		if got := Qualify(string(st.Tables[0].AppendName(nil, bare)), database); got != want {
			t.Errorf("in database %q: %s, want %s", database, got, want)
		}
	}
}
