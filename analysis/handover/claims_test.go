package handover

import (
	"fmt"
	"strings"
	"testing"
)

// TestClaims: page one and the answers claim no more and no less than the log has.
func TestClaims(t *testing.T) {
	shop := func(then func(w *writer)) string {
		w := &writer{}
		for n := range 3 * 48 {
			w.minute = n * 30
			w.connection("web@10.0.0.5", fmt.Sprintf("SELECT title FROM news WHERE id = '%d'", n))
		}
		then(w)
		return w.String()
	}
	guessed := func(statements ...string) string {
		return shop(func(w *writer) {
			for range 30 {
				w.refused("root", "203.0.113.9")
			}
			w.connection("root@203.0.113.9", statements...)
		})
	}
	for what, c := range map[string]struct{ log, want, not string }{
		"a login of medium severity is no mere attempt": {shop(func(w *writer) {
			w.minute = 36 * 60
			w.connection("web@10.0.0.31", "SHOW TABLES", "SELECT * FROM customers LIMIT 3", "SELECT * FROM customers LIMIT 0,100", "SELECT * FROM customers LIMIT 100,100")
		}), "# What may be an attack on a database server", "none of which got far"},
		"what is in no incident is to be looked at": {shop(func(w *writer) { w.connection("web@10.0.0.5", "DROP TABLE news") }),
			"should look at 1 detection of medium severity or above", "Did logins of an incident get in?"},
		"a file of data is a file":            {guessed("SELECT * FROM customers INTO OUTFILE '/var/tmp/c.csv'"), "Asked for: write rows of table customers into a file.", "No statement of this incident asks for rows"},
		"what is written into a file is read": {guessed("SELECT * FROM customers INTO OUTFILE '/var/tmp/c.csv'"), "| Were data read? | asked for, in 1 statement of incident A |", ""},
		"a file that is read into is left": {shop(func(w *writer) {
			w.connection("web@10.0.0.5", "SELECT title FROM news WHERE id = '1' UNION SELECT password FROM customers INTO OUTFILE '/var/tmp/c.csv' -- '")
		}), "| Was code, a file, an account or a right left? | asked for, in 1 statement of incident A |", ""},
		"passwords that were asked for by name": {guessed("SELECT name, password FROM customers"), "of everybody in `shop.customers`, whose passwords or hashes were asked for.", "if passwords are"},
		"columns that may be passwords":         {guessed("SELECT * FROM customers"), "of everybody in `shop.customers`, of which all columns were asked for, if passwords are among them.", "whose passwords"},
		"kinds are of the table that has them":  {guessed("SELECT a.password, n.title FROM customers a", "SELECT title FROM news ORDER BY (SELECT password FROM customers LIMIT 1)"), "| `shop.news` | other columns |", ""},
		"a statement counts once at a table":    {guessed("SELECT * FROM customers UNION ALL SELECT * FROM customers WHERE id = 7"), "| the whole table (1 statement) |", "some rows"},
		"the most of a statement counts":        {guessed("SELECT name FROM customers WHERE id = 7 UNION ALL SELECT name FROM customers"), "| the whole table (1 statement) |", "some rows"},
		"what was asked for twice is said so":   {guessed("SELECT * FROM customers"), "counted at each", ""},
		"an access log does not show the answer": {shop(func(w *writer) {
			w.connection("web@10.0.0.5", "SELECT title FROM news WHERE id = '1' UNION SELECT password FROM customers -- '")
		}), "how much was sent back", "what was sent back is not in this log it"},
	} {
		s, text := analyse(t, c.log)
		_, marked := both(t, s, text)
		if !strings.Contains(marked, c.want) || c.not != "" && strings.Contains(marked, c.not) {
			t.Errorf("%s: wanted %q without %q:\n%s", what, c.want, c.not, marked[:min(len(marked), 6000)])
		}
	}
}
