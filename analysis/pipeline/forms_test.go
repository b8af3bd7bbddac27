package pipeline

import (
	"context"
	"strings"
	"testing"

	"sqleuth/analysis/reading"
)

// said is the content of an entry, with its time to the second.
type said struct {
	second  int64
	command string
	text    string
}

// byConnection reads a log and lists the entries of each connection.
func byConnection(t *testing.T, path string) map[string][]said {
	t.Helper()
	set := open(t, path)
	rec, err := load(context.Background(), DefaultConfig(), set, func(*recorder) {})
	if err != nil {
		t.Fatal(err)
	}
	l := rec.log()
	l.Files = files(set)
	out := map[string][]said{}
	if err := NewText(set).Replay(context.Background(), &l, func(i int, r *reading.Record) error {
		ref := l.Connections.Ref(int(l.Entries.Connection(i)))
		name := ref.String(true)
		out[name] = append(out[name], said{l.Entries.Time(i) / 1_000_000, string(r.Command), string(r.Text)})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// The same three days are in two files: as MySQL 5.7 writes them and as
// MariaDB wrote them, with times to the second and none for entries of the same
// second. They must agree in connections, commands and statements, apart from
// what the capture's README names: one wording in Connect, and the exporter's
// own last connection of three entries.
func TestTwoFormsOfTheSameLogAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	const dir = "../../testdata/wordpress-bruteforce/"
	mysql, maria := byConnection(t, dir+"general.log.gz"), byConnection(t, dir+"mariadb-native.log.gz")
	only := 0
	for name, list := range maria {
		want, ok := mysql[name]
		if !ok {
			only += len(list)
			continue
		}
		if len(list) != len(want) {
			t.Errorf("connection %s: %d entries, want %d", name, len(list), len(want))
			continue
		}
		for k, got := range list {
			if got.command == "Connect" {
				got.text = strings.ReplaceAll(got.text, "MariaDB client", "MySQL client")
			}
			if got.second != want[k].second {
				t.Errorf("connection %s, entry %d: second %d, want %d", name, k+1, got.second, want[k].second)
			}
			if got.command != want[k].command || got.text != want[k].text {
				t.Errorf("connection %s, entry %d: %s %q, want %s %q", name, k+1, got.command, got.text, want[k].command, want[k].text)
			}
		}
	}
	if only != 3 {
		t.Errorf("%d entries stand in MariaDB's file only, want the exporter's 3", only)
	}
	for name := range mysql {
		if _, ok := maria[name]; !ok {
			t.Errorf("connection %s is missing in MariaDB's file", name)
		}
	}
}
