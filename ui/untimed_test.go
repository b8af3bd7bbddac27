package ui

import (
	"strings"
	"testing"
)

// untimed is the log of a server that prints no time for entries of a second which
// it has printed already, of which logging was switched on within such a second.
const untimed = "c:\\xampp\\mysql\\bin\\mysqld.exe, Version: 10.4.6-MariaDB (mariadb.org binary distribution). started with:\n" +
	"TCP Port: 3306, Named Pipe: C:/xampp/mysql/mysql.sock\n" +
	"Time\t\t    Id Command\tArgument\n" +
	"\t\t 96991 Query\tSHOW WARNINGS\n" +
	"\t\t 96991 Quit\t\n" +
	"\t\t 96993 Connect\troot@localhost as anonymous on \n" +
	"\t\t 96993 Query\tSELECT * FROM mysql.user\n" +
	"\t\t 96993 Quit\t\n" +
	"\t\t 96994 Connect\troot@localhost as anonymous on \n" +
	"\t\t 96994 Query\tSET GLOBAL general_log='OFF'\n"

// TestUntimedEntries presses every key on every screen of logs in which no entry,
// and not every entry, has a time: none is made up.
func TestUntimedEntries(t *testing.T) {
	const later = "190304 16:59:40\t 96995 Connect\troot@localhost as anonymous on \n\t\t 96995 Query\tSELECT * FROM mysql.user\n"
	for _, tt := range []struct {
		name, log string
		must      []string // some view holds it
	}{
		{"none", untimed, []string{"unknown", "7 entries without time", "no hours to count", "(7 entries without time left out)"}},
		{"the first", untimed + later, []string{"before 16:59:40", "before 2019-03-04 16:59:40", "7 without time"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seen := map[string]bool{}
			pressEverything(t, tt.log, func(view string) {
				for _, made := range []string{"1970", "292277", "-290308"} {
					if strings.Contains(view, made) {
						t.Fatalf("a time is made up, %s:\n%s", made, view)
					}
				}
				for _, text := range tt.must {
					seen[text] = seen[text] || strings.Contains(view, text)
				}
			})
			for _, text := range tt.must {
				if !seen[text] {
					t.Errorf("no screen says %q", text)
				}
			}
		})
	}
}
