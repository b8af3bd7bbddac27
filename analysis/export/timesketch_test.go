package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/reading"
)

// Each row has what Timesketch asks for, in both forms, under names that it keeps, and
// what it will not take over is named in the manifest.
func TestTimesketch(t *testing.T) {
	log := filepath.Join(t.TempDir(), "general.log")
	long := "SELECT '" + strings.Repeat("x", maxKeyword) + "' INTO OUTFILE '/var/www/x.php'"
	text := "1651-05-01T08:00:00.000000Z\t    3 Query\tSELECT LOAD_FILE('/etc/passwd')\n" +
		"2024-05-01T08:00:00.123456Z\t    7 Query\t" + long + "\n2024-05-01T08:00:01.000000Z\t    7 Query\t=cmd()\n"
	if err := os.WriteFile(log, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, reader := load(t, reading.Correct, log, "")
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Write(t.Context(), dir, s, reader, Options{Version: "test", Files: Timesketch}, nil); err != nil {
		t.Fatal(err)
	}
	table, err := os.Open(filepath.Join(dir, "timesketch.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	all, err := csv.NewReader(table).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(all[0][:5], []string{"message", "datetime", "timestamp_desc", "timestamp", "tag"}) {
		t.Errorf("columns %q", all[0])
	}
	for _, reserved := range []string{"_id", "_type", "_index", "_source", "__ts_timeline_id"} {
		if slices.Contains(all[0], reserved) {
			t.Errorf("Timesketch removes %s", reserved)
		}
	}
	lines, err := os.ReadFile(filepath.Join(dir, "timesketch.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	var micros []int64
	for line := range bytes.Lines(lines) {
		n++
		var row struct {
			Message   string
			Datetime  string
			Desc      string `json:"timestamp_desc"`
			Timestamp int64
			Tag       []string
			Kind      string
		}
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339Nano, row.Datetime)
		if err != nil || row.Message == "" || row.Desc == "" || row.Tag == nil || at.UnixMicro() != row.Timestamp {
			t.Errorf("a row lacks something: %.300s", line)
		}
		if cell := all[n][4]; !strings.HasPrefix(cell, "[") || len(row.Tag) > 0 && !strings.Contains(cell, `"`+row.Tag[0]+`"`) {
			t.Errorf("tag %s of %q", cell, row.Tag)
		}
		micros = append(micros, row.Timestamp)
	}
	if n != len(all)-1 || n < 4 {
		t.Errorf("%d lines and %d rows", n, len(all)-1)
	}
	if !slices.ContainsFunc(micros, func(m int64) bool { return m%1000 == 456 }) {
		t.Error("microseconds are lost")
	}
	manifest, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"rows of the Timesketch files have a year before 1700", "1 rows of the Timesketch files have a text of more than 32766 bytes"} {
		if !strings.Contains(string(manifest), want) {
			t.Errorf("the manifest does not name what is lost: %s", want)
		}
	}
}

// The layer for the ATT&CK Navigator has what its format 4.5 asks for.
func TestNavigatorLayer(t *testing.T) {
	s, _ := load(t, reading.Correct, "../../testdata/wordpress-bruteforce/sample.log", "")
	l := navigatorLayer(s)
	if l.Name == "" || l.Domain != "enterprise-attack" || l.Versions.Layer != "4.5" || l.Versions.Attack == "" || l.Versions.Navigator == "" {
		t.Errorf("layer %+v", l)
	}
	if len(l.Techniques) < 3 {
		t.Fatalf("%d techniques", len(l.Techniques))
	}
	for i, x := range l.Techniques {
		if x.ID[0] != 'T' || x.Score < 1 || x.Score > l.Gradient.Max || x.Comment == "" || i > 0 && x.ID <= l.Techniques[i-1].ID {
			t.Errorf("technique %+v", x)
		}
	}
}
