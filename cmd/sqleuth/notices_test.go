package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestNotices: what is linked in on this system is in the notices, in this version;
// make notices writes them anew.
func TestNotices(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(strings.ReplaceAll(string(out), " ", "@"))
	if len(modules) == 0 {
		t.Fatal("no module is linked in")
	}
	for _, m := range modules {
		if line := "\n" + strings.ReplaceAll(m, "@", " ") + "\n"; !strings.Contains(notices, line) {
			t.Errorf("the notices have no %s: make notices", m)
		}
	}
}
