package fact

import (
	"strings"
	"testing"
)

// A statement that breaks at apostrophes within words alone is the statement that was
// meant; whatever hides behind one is looked at as it was sent.
func TestSlip(t *testing.T) {
	const login = "select id from customers where mail = '%' and hash = sha2(concat(salt, 'secret'), 256) and blocked = 0"
	for _, c := range []struct {
		mail  string
		slips bool
	}{
		{"o'neill", true},
		{"it's me, o'neill", true},
		{"д'арк, l'été d'ísland", true},
		{"o'neill' or 1=1 -- ", false},
		{"it's' or 1=1 -- ", false},
		{"it's' or 1=1 or 'a", false},
		{"o'neill or 'a'='a", false},
		{"x'or'1'='1", false},
		{"o'neill union select hash from staff where'a", false},
		{"o'neill or sleep(5) and user()like'r", false},
		{"o'neill; drop table staff; select'a", false},
		{"o'neill or(select 1)in'a", false},
		{"o'neill/*", false},
		{"o'neill#", false},
		{"x'", false},
		{"the boys' room", false},
		{"5'or 1", false},
	} {
		got := raw(strings.Replace(login, "%", c.mail, 1))
		meant := raw(strings.Replace(login, "%", strings.ReplaceAll(c.mail, "'", ""), 1))
		checkCanonical(t, got)
		if is := got.Has(Marks, "apostrophe"); is != c.slips {
			t.Errorf("%s: a slip %v, want %v\n%s", c.mail, is, c.slips, got)
		}
		if c.slips && without(got, Marks) != meant {
			t.Errorf("%s\n%swant the facts of the statement as it was meant:\n%s", c.mail, got, meant)
		}
	}
	if got := raw("select id from customers where mail = 'o''neill' and note = \"it's\" -- don't"); got.Has(Marks, "apostrophe") {
		t.Errorf("a statement that is whole is a slip:\n%s", got)
	}
}

// What no program writes into its own statements is injected, and nothing else.
func TestInjected(t *testing.T) {
	for _, c := range []struct {
		sql  string
		want bool
	}{
		{"select a from t where id = 1 or 1=1", true},
		{"select a from t where id = 1 and 1=1", false},
		{"select a from t where id = 5-2", false},
		{"select a from t where id = 1 union select 1, 2", true},
		{"select a from t where id = 1 union select 1", false},
		{"select/**/a from t", true},
		{"select a /* x */ from t", false},
		{"select a from t where id = 1 -- ' and b = 2", true},
		{"select a from t where id = 1) and b = 2", true},
		{"select a from t where name = 'x'' and b = 2", true},
		{"select a from t where name = 'o'neill' and b = 2", false},
	} {
		got := false
		for f, v := range raw(c.sql).All() {
			got = got || Injected(f, v)
		}
		if got != c.want {
			t.Errorf("%s: injected %v\n%s", c.sql, got, raw(c.sql))
		}
	}
}
