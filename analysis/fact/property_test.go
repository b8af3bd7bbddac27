package fact

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/sqltext"
)

// respell writes a statement in another way that means the same: other letter case,
// blanks, comments between tokens, back-quotes around names behind a dot.
func respell(r *rand.Rand, sql string) string {
	var t sqltext.Tokens
	t.Lex([]byte(sql))
	var out strings.Builder
	for i, token := range t.List {
		text := sql[token.Start:token.End]
		gap := i > 0 && token.Start > t.List[i-1].End
		if gap {
			out.WriteString([]string{" ", "  ", "\n", "\t ", " /* x y */ "}[r.IntN(5)])
		}
		if token.Kind == sqltext.Word && !strings.HasPrefix(text, "_") {
			switch {
			case i > 0 && sql[t.List[i-1].Start] == '.':
				text = "`" + text + "`"
			case r.IntN(2) == 0:
				text = strings.ToUpper(text)
			default:
				text = strings.ToLower(text)
			}
		}
		out.WriteString(text)
	}
	return out.String()
}

// without returns a set without a field.
func without(s Set, leave ...Field) Set {
	var b Builder
	for f, v := range s.All() {
		if !slices.Contains(leave, f) {
			b.Add(f, v)
		}
	}
	return b.Set()
}

func TestSpellingDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	list := append(strings.Split(strings.TrimSpace(honest), "\n"), variants...)
	for _, sql := range list {
		checkCanonical(t, of(sql, "shop"))
		if strings.Contains(sql, "--") {
			continue // a line that does not end
		}
		want := without(of(sql, "shop"), Comments)
		for range 5 {
			other := respell(r, sql)
			if got := without(of(other, "shop"), Comments); got != want {
				t.Fatalf("%s\n%s%s\n%s", sql, want, other, got)
			}
		}
	}
}

func FuzzOf(f *testing.F) {
	for _, s := range append(strings.Split(strings.TrimSpace(honest), "\n"), variants...) {
		f.Add([]byte(s), "shop")
	}
	for _, s := range []string{"select * from wp_users where (select", "/*!99999 x */ union select ,,, from", "set @@ = 1; ; select `", "insert into a.b. select (((", "table", "select in (",
		"select a from b where = = ", "update", "create table", "with (", ")))) or 1", "select `", "select 1 /*", "grant ,,, on", "x'", "drop user 'a'@", ";;;", "case when end", "set " + strings.Repeat(" ", 4000) + ").a = 1"} {
		f.Add([]byte(s), "mysql")
	}
	f.Fuzz(func(t *testing.T, sql []byte, database string) {
		var tokens sqltext.Tokens
		tokens.Lex(sql)
		var st sqltext.Statement
		tokens.Parse(&st)
		var b Builder
		Of([]byte("Query"), &tokens, &st, &b)
		set := b.Set()
		checkCanonical(t, set)
		literals := slices.Clone(b.Literals())
		if Of([]byte("Query"), &tokens, &st, &b); !slices.Equal(b.Literals(), literals) || b.Set() != set {
			t.Errorf("a builder that was used gives other facts: %s\n%s", set, b.Set())
		}
		resolved := Resolve(set, database)
		checkCanonical(t, resolved)
		if again := Resolve(resolved, database); again != resolved {
			t.Errorf("resolved twice in %q: %s\n%s", database, resolved, again)
		}
		coarse := Coarse(set)
		checkCanonical(t, coarse)
		if again := Coarse(coarse); again != coarse {
			t.Errorf("made coarse twice: %s\n%s", coarse, again)
		}
		AppendLiteralClasses(nil, &tokens)
	})
}

// checkCanonical checks that a set holds each fact once, in order, and nothing else.
func checkCanonical(t *testing.T, s Set) {
	t.Helper()
	var b Builder
	for f, v := range s.All() {
		if f == 0 || f >= numFields || v == "" {
			t.Errorf("field %d has value %q", f, v)
			continue
		}
		if list := f.Values(); list != nil && !slices.Contains(list, v) {
			t.Errorf("%s has value %q, which is none of %q", f, v, list)
		}
		b.Add(f, v)
	}
	if b.Set() != s {
		t.Errorf("not canonical: %q", s)
	}
}

// Names that nobody foresaw leave no trace in a coarse set.
func TestCoarseSetsAreFew(t *testing.T) {
	seen := map[Set]bool{}
	for i := range 2000 {
		name := strings.Repeat("x", i%60) + string(rune('a'+i%26)) + strings.Repeat("y", i/60)
		for _, sql := range []string{"select " + name + "(a." + name + "), @@" + name + " from " + name + ".users join " + name + " on " + name,
			"set global " + name + " = 1", "create database " + name, "select sleep(" + name + ") into outfile '/" + name + "' from mysql." + name} {
			seen[Coarse(of(sql, name))] = true
		}
	}
	if len(seen) > 8 {
		t.Errorf("%d coarse sets", len(seen))
		for s := range seen {
			t.Log(s)
			if len(seen) > 20 {
				break
			}
		}
	}
}

// What a coarse set keeps is enough for rules on what matters.
func TestCoarseSetsKeepWhatMatters(t *testing.T) {
	for _, c := range []struct {
		fields    []Field
		sql, want string
	}{
		{uses, "select secret_sauce, user_pass from my_users_42", "reads=people all nolimit secret"},
		{uses, "select host from mysql.user, my_own", "reads=accounts all nolimit columns"},
		{[]Field{Sets}, "set global general_log = 0, my_own = 3", "sets=general_log=off"},
		{[]Field{Functions, Calls}, "select my_own(1), sleep(9)", "functions=sleep; calls=sleep(number)"},
		{[]Field{Files}, "select a from t into outfile '/var/www/x.php'", "files=write script"},
		{[]Field{Objects}, "create database readme_to_recover_4711", "objects=readme"},
	} {
		var t1 sqltext.Tokens
		t1.Lex([]byte(c.sql))
		var st sqltext.Statement
		t1.Parse(&st)
		var b Builder
		Of([]byte("Query"), &t1, &st, &b)
		if got := shown(Resolve(Coarse(b.Set()), "shop"), c.fields...); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.sql, got, c.want)
		}
	}
}

func TestResolve(t *testing.T) {
	for _, c := range []struct{ sql, database, want string }{
		{"select * from user", "", "reads=people all nolimit everything; tables=user; table_kinds=people"},
		{"select * from User", "shop", "reads=people all nolimit everything; tables=shop.user; table_kinds=people"},
		{"select * from user", "MySQL", "questions=accounts; reads=accounts all nolimit everything; tables=mysql.user; table_kinds=accounts"},
		{"select * from tables", "information_schema", "questions=tables; reads=catalogue all nolimit everything; tables=information_schema.tables; table_kinds=catalogue"},
		{"select * from `a.b`.`c`", "x", "reads=application all nolimit everything; tables=`a.b`.c; table_kinds=application"},
		{"delete from general_log", "mysql", "changes=logs all other; tables=mysql.general_log; table_kinds=logs"},
	} {
		if got := shown(of(c.sql, c.database), Tables, TableKinds, Reads, Changes, Questions); !sameList(got, c.want) {
			t.Errorf("%s in %q\n got %s\nwant %s", c.sql, c.database, got, c.want)
		}
	}
}

// Commands that send no statement have no facts of one.
func TestCommandsWithoutStatement(t *testing.T) {
	var tokens sqltext.Tokens
	tokens.Lex([]byte("root@localhost on mysql"))
	var st sqltext.Statement
	tokens.Parse(&st)
	var b Builder
	Of([]byte("Connect"), &tokens, &st, &b)
	if got := b.Set().String(); got != "event.action=connect\n" {
		t.Errorf("got %s", got)
	}
}
