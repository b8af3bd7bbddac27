package incident_test

import (
	"testing"

	"sqleuth/analysis/incident"
)

// Who looks what answers, guesses and gets in has asked for nothing yet.
func TestAsks(t *testing.T) {
	for want, statements := range map[bool][]string{false: nil, true: theft} {
		s := ordinary()
		s.at(noon).id++
		s.entry("Connect", "@192.0.2.7 on  using TCP/IP").entry("Connect", "Access denied for user ''@'192.0.2.7' (using password: NO)")
		guesses(s, "192.0.2.7", 20, "root", "admin")
		s.login("root@192.0.2.7", "shop", statements...)
		list := find(t, analyse(t, []byte(s.String())))
		if len(list) != 1 || list[0].Stage(incident.Reconnaissance) == nil || list[0].In() != 1 {
			t.Fatalf("incidents: %+v", list)
		}
		if got := list[0].Asks(); got != want {
			t.Errorf("asks: %v, want %v: %s", got, want, list[0].Asked)
		}
	}
}
