package loaded

import (
	"testing"

	"sqleuth/analysis/genlog"
)

// A message names a refused login in every language of the server, and in no other
// text; from a doubtful one nothing follows.
func TestRefusal(t *testing.T) {
	for _, c := range []struct {
		message Message
		want    string
	}{
		{Message{Text: "Access denied for user 'root'@'192.0.2.7' (using password: YES)"}, "root@192.0.2.7"},
		{Message{Text: "[MY-010926] [Server] Access denied for user 'root'@'192.0.2.3' (using password: NO)\r"}, "root@192.0.2.3"},
		{Message{Text: "Benutzer 'o''x'@'h' hat keine Zugriffsberechtigung (verwendetes Passwort: JA)"}, ""},
		{Message{Text: "Zugriff verweigert für Benutzer 'x'@'h' (Passwort: JA)"}, "x@h"},
		{Message{Text: "Aborted connection 10 to db: 'unconnected' user: 'unauthenticated' host: '192.0.2.7' (This connection closed normally)"}, ""},
		{Message{Text: "The definer 'a'@'h' does not exist"}, ""},
		{Message{Text: "Access denied for user 'root'@'h' (using password: YES)\nand more"}, ""},
		{Message{Text: "Access denied for user 'root'@'h' (using password: YES)", Doubtful: true}, ""},
		{Message{Text: "Access denied for user 'root'@'h' (using password: YES)", Kind: genlog.SlowLog}, ""},
		{Message{}, ""},
	} {
		user, host, ok := c.message.Refusal()
		got := ""
		if ok {
			got = user + "@" + host
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.message.Text, got, c.want)
		}
	}
}
