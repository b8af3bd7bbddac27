package incident_test

import (
	"fmt"
	"testing"
	"time"
)

// searched is a statement of the shop's page with what a visitor typed.
func searched(text string) string {
	return fmt.Sprintf("SELECT id, title FROM news WHERE topic = '%s' ORDER BY id LIMIT 40", text)
}

// A name with an apostrophe breaks the statement of a page that does not escape it. Beside
// an injection it is no part of it, but for a connection in which SQL is added too.
func TestSlip(t *testing.T) {
	for _, c := range []struct {
		name        string
		beside      []string // statements of one connection
		connections int      // of the incident
	}{
		{"a name", []string{searched("o'neill")}, 1},
		{"two apostrophes close what they open", []string{searched("o'neill, it's me")}, 1},
		{"a letter of another alphabet", []string{searched("д'арк")}, 1},
		{"in a connection in which SQL is added", []string{searched("o'neill"), searched("x' OR 1=1 -- ")}, 2},
		{"an apostrophe at the end, as a probe has it", []string{searched("x'")}, 2},
		{"words that are SQL", []string{searched("x'or'1'='1")}, 2},
		{"text that is added behind a name", []string{searched("o'neill' OR 1=1 -- ")}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := ordinary()
			s.at(3*24*time.Hour+noon).login("web@10.0.0.5", "shop", searched("x' UNION SELECT 1, password FROM customers -- "))
			s.at(3*24*time.Hour+noon+time.Minute).login("web@10.0.0.5", "shop", c.beside...)
			list := analyse(t, []byte(s.String())).Incidents
			if len(list) != 1 || len(list[0].Connections) != c.connections {
				t.Errorf("incidents:\n%+v\nwant one of %d connections", list, c.connections)
			}
		})
	}
}

// Names with apostrophes alone are no incident, however many there are and whatever is
// read into what is behind them.
func TestSlipsAlone(t *testing.T) {
	s := ordinary()
	login := func(email, password string) string {
		return fmt.Sprintf("SELECT id FROM customers WHERE email = '%s' AND hash = SHA2(CONCAT(salt, '%s'), 256) AND blocked = 0", email, password)
	}
	for n := range 8 {
		s.at(2*24*time.Hour+noon+time.Duration(n)*time.Minute).login("web@10.0.0.5", "shop", login("pat@mail.example", "secret"))
		s.at(3*24*time.Hour+noon+time.Duration(n)*time.Minute).login("web@10.0.0.5", "shop", login("pat.o'neill@mail.example", "it's me"))
	}
	if list := analyse(t, []byte(s.String())).Incidents; len(list) > 0 {
		t.Errorf("incidents: %+v", list)
	}
}
