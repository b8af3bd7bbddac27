package export

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/reading"
)

// Messages of the server are a file of their own, where a log has any.
func TestMessages(t *testing.T) {
	s, text := load(t, reading.Correct, "../../testdata/messages/mixed_maria.log", "")
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Write(context.Background(), dir, s, text, Options{Files: Evidence}, nil); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "messages.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 6 {
		t.Fatalf("%d rows, want 5 messages", len(rows)-1)
	}
	cells := map[string]string{}
	for i, name := range rows[0] {
		cells[name] = rows[4][i]
	}
	for name, want := range map[string]string{
		"message": "Access denied for user 'root'@'192.0.2.7' (using password: YES)", "datetime": "2019-10-15T10:13:00.000000+00:00",
		"timestamp_desc": "message of the server (server local time, zone unknown)", "kind": "error log", "level": "Warning", "id": "9",
		"refused_user": "root", "refused_host": "192.0.2.7", "doubtful": "false", "next_entry": "4", "offset": "542", "bytes": "96", "zone": "unknown",
	} {
		if cells[name] != want {
			t.Errorf("%s is %q, want %q", name, cells[name], want)
		}
	}
	if start := rows[3]; !slices.Contains(start, "message of the server, time unknown") {
		t.Errorf("a message without a time is %q", strings.Join(start, ", "))
	}
	if !slices.Contains(everyName(), "messages.csv") {
		t.Error("an export does not know messages.csv for one of its files")
	}
	plain, text := load(t, reading.Correct, "../../testdata/mysql56/general.log", "")
	written, err := Write(context.Background(), filepath.Join(t.TempDir(), "out"), plain, text, Options{Files: Evidence}, nil)
	if err != nil || slices.Contains(written, "messages.csv") {
		t.Errorf("of a log without messages %v is written, error %v", written, err)
	}
}
