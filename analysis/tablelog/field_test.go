package tablelog

import (
	"testing"
	"time"
)

func TestEventTime(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		local      bool
	}{
		{"2024-07-10 05:25:05.058758", "2024-07-10T05:25:05.058758Z", true},
		{"2013-08-07 10:00:00", "2013-08-07T10:00:00Z", true},
		{"2024-07-10 05:25:05.05", "2024-07-10T05:25:05.05Z", true},
		{"2024-07-10T05:25:05.058758Z", "2024-07-10T05:25:05.058758Z", false},
		{"2024-07-10 05:25:05.058758 UTC", "2024-07-10T05:25:05.058758Z", false},
		{"2024-07-10 05:25:05.058758+02:00", "2024-07-10T03:25:05.058758Z", false},
		{"2024-07-10 05:25:05-03:30", "2024-07-10T08:55:05Z", false},
	} {
		micros, local, ok := eventTime([]byte(tt.text))
		if got := time.UnixMicro(micros).UTC().Format(time.RFC3339Nano); !ok || got != tt.want || local != tt.local {
			t.Errorf("%s is %s, local %v, %v", tt.text, got, local, ok)
		}
	}
	for _, text := range []string{"", "event_time", "0000-00-00 00:00:00", "2024-07-10", "2024-07-10 05:25:05.0587581", "2024-07-10 05:25:05 x", "2024-07-10 25:25:05", "-024-07-10 05:25:05"} {
		if _, _, ok := eventTime([]byte(text)); ok {
			t.Errorf("%q is a time", text)
		}
	}
}

func TestAccount(t *testing.T) {
	for _, tt := range []struct{ text, user, host string }{
		{"root[root] @ localhost []", "root", "localhost"},
		{"[root] @ localhost []", "root", "localhost"},
		{"app[app] @  [10.0.0.7]", "app", "10.0.0.7"},
		{"app[app] @ web.example [10.0.0.7]", "app", "web.example"},
		{"[anyone] @ localhost []", "anyone", "localhost"},
		{"[] @ localhost []", "", "localhost"},
		{"reader[app] @ web [10.0.0.7]", "app", "web"},
		{"odd @ name[x][odd @ name[x]] @ localhost []", "odd @ name[x]", "localhost"},
		{"[odd @ name[x]] @ localhost []", "odd @ name[x]", "localhost"},
		{"[a] @ b [c] @ localhost []", "a] @ b [c", "localhost"},
		{"root@localhost", "root", "localhost"},
		{"'a@b'@'%'", "a@b", "%"},
		{"root", "root", ""},
	} {
		user, host := Account([]byte(tt.text))
		if string(user) != tt.user || string(host) != tt.host {
			t.Errorf("%q: user %q, host %q", tt.text, user, host)
		}
	}
	for _, text := range []string{"", "root at localhost", "x] @ h []", "[u] @ ", "[u] @ h", "[u] @ h ["} {
		if user, host := Account([]byte(text)); user != nil || host != nil {
			t.Errorf("%q: user %q, host %q", text, user, host)
		}
	}
}
