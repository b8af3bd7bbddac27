package filter

import (
	"strings"
	"testing"
)

// TestMeant holds that a mistyped field, or one as other tools call it, is answered with the
// right one, before the list of all, and that a word like none is not.
func TestMeant(t *testing.T) {
	for typed, want := range map[string]string{
		"usr": fieldUser, "users": fieldUser, "USER": "", "ip": fieldHost, "Src": fieldHost, "tabl": fieldTable, "det": fieldDetection, "incid": fieldIncident,
		"schema": fieldDatabase, "since": fieldTime, "thread": fieldID, "http": "", "zz": "", strings.Repeat("user", 1000): "",
	} {
		_, err := Parse(typed + ":x")
		if typed == "USER" { // fields are known in any case
			if err != nil {
				t.Errorf("%s: %v", typed, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s: no error", typed)
			continue
		}
		hint := strings.Index(err.Error(), "did you mean "+want+":?")
		if want == "" && strings.Contains(err.Error(), "did you mean") || want != "" && (hint < 0 || hint > strings.Index(err.Error(), "the fields are")) {
			t.Errorf("%s: %v, want %q", typed, err, want)
		}
	}
	for called, name := range elsewhere {
		if _, ok := fieldNamed(name); !ok {
			t.Errorf("%s is said to be %s, which is none", called, name)
		}
		if _, ok := fieldNamed(called); ok {
			t.Errorf("%s is a field itself", called)
		}
	}
}
