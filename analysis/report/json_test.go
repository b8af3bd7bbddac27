package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/suspicion"
)

func asJSON(t *testing.T, s *pipeline.Snapshot, opt Options) (raw string, object map[string]any) {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(context.Background(), &b, s, opt); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b.Bytes(), &object); err != nil {
		t.Fatal(err)
	}
	return b.String(), object
}

// The figures of the JSON object are those of the notebook's own files.
func TestJSONEqualsReference(t *testing.T) {
	for _, c := range []struct{ log, labels, dir string }{
		{reference + "synthetic/general.log.gz", reference + "synthetic/labels.csv", reference + "synthetic/"},
		{wordpress + "general.log.gz", wordpress + "labels.csv", reference + "wordpress-bruteforce/"},
	} {
		t.Run(c.dir, func(t *testing.T) {
			_, got := asJSON(t, load(t, reading.Notebook, c.log, c.labels), Options{Version: "0.0.0"})
			for member, name := range map[string]string{"iforest": "iforest.json", "rforest": "rforest.json", "mixed": "mixed.json"} {
				compareJSON(t, name, got[member].(map[string]any), readJSON(t, c.dir+name))
			}
			counts := got["counts"].(map[string]any)
			for member, file := range map[string]string{"action": "counts_action.csv", "table": "counts_table.csv",
				"thresholds_action": "thresholds_action.csv", "thresholds_table": "thresholds_table.csv"} {
				compareRows(t, file, counts[member].([]any), readCSV(t, c.dir+file))
			}
			pairs := readCSV(t, c.dir+"frequent_patterns.csv")
			slices.SortStableFunc(pairs[1:], func(a, b []string) int { return comparePairs(a, b) })
			compareRows(t, "frequent_patterns.csv", counts["frequent_patterns"].([]any), pairs)
			for member, file := range map[string]string{"hourly_action": "hourly_action.csv", "hourly_table": "hourly_table.csv"} {
				compareHours(t, file, counts[member].(map[string]any), readCSV(t, c.dir+file))
			}
		})
	}
}

// comparePairs orders rows of action, table, count as we do: pandas leaves the
// order of equal counts open.
func comparePairs(a, b []string) int {
	m, _ := strconv.Atoi(a[2])
	n, _ := strconv.Atoi(b[2])
	if m != n {
		return n - m
	}
	return slices.Compare(a[:2], b[:2])
}

func readJSON(t *testing.T, path string) (object map[string]any) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &object); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return object
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return rows
}

// compareJSON compares the members that both have; isolation scores may differ
// in the last places.
func compareJSON(t *testing.T, path string, got, want map[string]any) {
	t.Helper()
	shared := 0
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if v, ok := got[k]; ok && v != nil {
			shared++
			compareValue(t, path+": "+k, v, want[k])
		}
	}
	if shared < 4 {
		t.Errorf("%s: only %d members in common", path, shared)
	}
}

func compareValue(t *testing.T, at string, got, want any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s: %v, want an object", at, got)
			return
		}
		for _, k := range slices.Sorted(maps.Keys(w)) {
			if v, ok := g[k]; ok {
				compareValue(t, at+"."+k, v, w[k])
			}
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			t.Errorf("%s: %d elements, want %d", at, len(g), len(w))
			return
		}
		for i := range w {
			compareValue(t, at+"["+strconv.Itoa(i)+"]", g[i], w[i])
		}
	case float64:
		if g, ok := got.(float64); !ok || math.Abs(g-w) > 1e-14 {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	default:
		if got != want {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	}
}

// compareRows compares objects with the rows of a CSV file with a header.
func compareRows(t *testing.T, file string, got []any, want [][]string) {
	t.Helper()
	header, want := want[0], want[1:]
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows, want %d", file, len(got), len(want))
	}
	for i, row := range want {
		object := got[i].(map[string]any)
		if len(object) != len(header) {
			t.Errorf("%s: row %d has %d members, want %d", file, i+1, len(object), len(header))
		}
		for k, cell := range row {
			compareCell(t, file+" "+strconv.Itoa(i+1)+" "+header[k], object[header[k]], cell)
		}
	}
}

func compareCell(t *testing.T, at string, got any, want string) {
	t.Helper()
	switch g := got.(type) {
	case nil:
		if want != "" {
			t.Errorf("%s: null, want %s", at, want)
		}
	case string:
		if g != want {
			t.Errorf("%s: %q, want %q", at, g, want)
		}
	case float64:
		// Sums of pandas' own order: 1e-12.
		if w, err := strconv.ParseFloat(want, 64); err != nil || math.Abs(g-w) > 1e-12*math.Abs(w) {
			t.Errorf("%s: %v, want %s", at, g, want)
		}
	default:
		t.Errorf("%s: %T", at, got)
	}
}

func compareHours(t *testing.T, file string, got map[string]any, want [][]string) {
	t.Helper()
	columns := got["columns"].([]any)
	hours, counts := got["hours"].([]any), got["counts"].([]any)
	if len(hours) != len(want)-1 || len(counts) != len(hours) || len(columns) != len(want[0])-1 {
		t.Fatalf("%s: %d hours of %d columns, want %d of %d", file, len(hours), len(columns), len(want)-1, len(want[0])-1)
	}
	for k, c := range columns {
		compareCell(t, file+" column", c, want[0][k+1])
	}
	for i, row := range want[1:] {
		compareCell(t, file+" hour", hours[i], row[0])
		for k, cell := range row[1:] {
			if cell == "" {
				cell = "0"
			}
			compareCell(t, file+" "+row[0], counts[i].([]any)[k], cell)
		}
	}
}

func TestJSONMembers(t *testing.T) {
	promised := []string{"reading", "files", "entries", "connections", "templates", "first", "last", "coverage", "counts", "iforest",
		"rforest", "mixed", "suspects", "detections", "damage", "version", "seed", "contamination", "trees"}
	for _, c := range []struct {
		name    string
		s       *pipeline.Snapshot
		missing []string // null, with a reason
	}{
		{"labels", load(t, reading.Correct, wordpress+"sample.log", wordpress+"sample-labels.csv"), nil},
		{"no labels", loadText(t, reading.Correct, smallLog), []string{"mixed", "rforest"}},
		{"no entries", loadText(t, reading.Correct, banner), []string{"iforest", "mixed", "rforest"}},
		{"hostile", loadText(t, reading.Correct, hostileLog), []string{"mixed", "rforest"}},
		{"no entries, notebook", loadText(t, reading.Notebook, banner), []string{"iforest", "mixed", "rforest"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw, got := asJSON(t, c.s, Options{Version: "0.0.0"})
			for _, k := range promised {
				if _, ok := got[k]; !ok {
					t.Errorf("no member %q", k)
				}
			}
			for i, b := range []byte(raw) {
				if b != '\n' && (b < ' ' || b > '~') {
					t.Fatalf("byte %d is %#x, want printable ASCII", i, b)
				}
			}
			why := got["why"].(map[string]any)
			if keys := slices.Sorted(maps.Keys(why)); !slices.Equal(keys, c.missing) {
				t.Errorf("reasons for %q, want for %q", keys, c.missing)
			}
			for _, k := range []string{"iforest", "rforest", "mixed"} {
				if (got[k] == nil) != slices.Contains(c.missing, k) {
					t.Errorf("%s: null is %v", k, got[k] == nil)
				}
			}
			coverage := got["coverage"].(map[string]any)
			sum := 0.0
			for _, k := range []string{"entry_bytes", "banner_bytes", "reject_bytes"} {
				sum += coverage[k].(float64)
			}
			text := got["files"].([]any)[0].(map[string]any)["decompressed_bytes"]
			if sum != coverage["bytes"] || sum != text {
				t.Errorf("parts add up to %v, bytes are %v, the file has %v", sum, coverage["bytes"], text)
			}
			if n := len(coverage["reject_list"].([]any)); float64(n) != coverage["rejects"] {
				t.Errorf("%d rejects listed, %v counted", n, coverage["rejects"])
			}
			for path, v := range lists(got) {
				if v == nil && !strings.HasPrefix(path, "iforest") && !strings.HasPrefix(path, "rforest") && !slices.Contains(c.missing, path) &&
					!slices.Contains([]string{"first", "last", "seed", "contamination", "trees"}, path) {
					t.Errorf("%s is null", path)
				}
			}
		})
	}
}

// lists gives the members of an object and of its objects by path.
func lists(object map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range object {
		out[k] = v
		if m, ok := v.(map[string]any); ok {
			for path, w := range lists(m) {
				out[k+"."+path] = w
			}
		}
	}
	return out
}

// Suspects, detections and stories are those of the snapshot, in its order.
func TestJSONAttack(t *testing.T) {
	s := load(t, reading.Correct, wordpress+"sample.log", wordpress+"sample-labels.csv")
	if s.Ranking.Len() == 0 || len(s.Detections) == 0 {
		t.Fatal("the sample has neither suspects nor detections")
	}
	_, got := asJSON(t, s, Options{})
	first, last, _ := s.Span()
	const iso = "2006-01-02T15:04:05.000000Z"
	if got["first"] != first.Format(iso) || got["last"] != last.Format(iso) {
		t.Errorf("from %v to %v, want %s to %s", got["first"], got["last"], first.Format(iso), last.Format(iso))
	}
	suspects := got["suspects"].([]any)
	n, place := s.Ranking.Listed()
	if len(suspects) != n || n == 0 || n == s.Ranking.Len() || n > suspicion.Shown {
		t.Fatalf("%d suspects, want %d of %d", len(suspects), n, s.Ranking.Len())
	}
	for i := range suspects {
		want := s.Ranking.First()[place(i)]
		x := suspects[i].(map[string]any)
		c := s.Connections.Peek(int(want.Connection))
		if x["id"] != float64(c.ID) || x["epoch"] != float64(c.Epoch) || x["anomaly"] != s.Ranking.Anomaly(int(want.Connection)) || x["learned"] == nil || x["score"] != want.Score || x["class"] != want.Class ||
			len(x["reasons"].([]any)) != len(want.Reasons) || x["entries"] != float64(c.Entries) || x["host"] != s.Connections.Text(c.Host) {
			t.Errorf("suspect %d is %v, want %+v", i+1, x, want)
		}
	}
	entries := got["flagged"].([]any)
	if len(entries) != s.Ranking.Flagged() || len(entries) == 0 {
		t.Fatalf("%d entries, want %d", len(entries), s.Ranking.Flagged())
	}
	for i := range entries {
		x := entries[i].(map[string]any)
		entry, score := s.Ranking.Entry(i)
		c := s.Connections.Peek(int(s.Entries.Connection(entry)))
		if x["entry"] != float64(entry+1) || x["id"] != float64(c.ID) || x["score"] != score || len(x["reasons"].([]any)) == 0 {
			t.Errorf("entry %d is %v, want %d", i+1, x, entry+1)
		}
	}
	detections := got["detections"].([]any)
	if len(detections) != len(s.Detections) {
		t.Fatalf("%d detections, want %d", len(detections), len(s.Detections))
	}
	for i, want := range s.Detections {
		d := detections[i].(map[string]any)
		connections := d["connections"].([]any)
		if d["rule"] != want.Rule.Name || d["severity"] != want.Severity.String() || d["count"] != float64(want.Count) ||
			d["summary"] != want.Summary || d["connections_total"] != float64(len(want.Connections)) ||
			len(connections) != min(len(want.Connections), maxNames) || len(d["techniques"].([]any)) != len(want.Rule.Techniques) {
			t.Errorf("detection %d is %v, want %+v", i+1, d, want)
		}
		for k, e := range want.Entries {
			if d["entries"].([]any)[k] != float64(e+1) {
				t.Errorf("detection %d, entry %d is %v, want %d", i+1, k, d["entries"].([]any)[k], e+1)
			}
		}
	}
	incidents := got["incidents"].([]any)
	if len(incidents) != len(s.Incidents) || len(incidents) == 0 {
		t.Fatalf("%d incidents, want %d", len(incidents), len(s.Incidents))
	}
	for i, want := range s.Incidents {
		x := incidents[i].(map[string]any)
		if x["id"] != want.ID || x["severity"] != want.Severity.String() || x["actor"] != want.Actor.String() ||
			len(x["connections"].([]any)) != len(want.Connections) || x["connections"].([]any)[0] != s.Connections.Name(int(want.Connections[0])) ||
			len(x["stages"].([]any)) != len(want.Stages) || len(x["users"].([]any)) != len(want.Actor.Users) || len(x["tables"].([]any)) != len(want.Tables) {
			t.Errorf("incident %d is %v, want %+v", i+1, x, want)
		}
		for k, st := range want.Stages {
			y := x["stages"].([]any)[k].(map[string]any)
			if y["name"] != st.Name.String() || len(y["connections"].([]any)) != len(st.Connections) || len(y["entries"].([]any)) != len(st.Entries) {
				t.Errorf("stage %d is %v, want %+v", k+1, y, st)
			}
		}
	}
	if story := got["stories"].([]any)[0].(map[string]any); story["host"] != s.Incidents[0].Actor.Hosts[0] || len(story["steps"].([]any)) == 0 {
		t.Errorf("a story is %v", story)
	}
}

// However many suspects there are, JSON has all of them.
func TestSuspectsTotal(t *testing.T) {
	var b strings.Builder
	b.WriteString(banner)
	for i := range 1200 {
		fmt.Fprintf(&b, "2024-05-01T08:%02d:%02d.000000Z\t%5d Connect\tAccess denied for user 'root'@'10.0.0.9' (using password: YES)\n", i/60, i%60, 100+i)
	}
	s := loadText(t, reading.Correct, b.String())
	_, got := asJSON(t, s, Options{})
	if got["suspects_total"] != 1200.0 || len(got["suspects"].([]any)) != 1200 {
		t.Errorf("%v suspects in all, %d listed, want 1200 of each", got["suspects_total"], len(got["suspects"].([]any)))
	}
	if want := "and 1180 more, 1200 in all"; !strings.Contains(text(t, s, Options{}), want) {
		t.Errorf("the report does not say %q", want)
	}
	s = loadText(t, reading.Correct, banner)
	if _, got = asJSON(t, s, Options{}); got["suspects_total"] != 0.0 {
		t.Errorf("%v suspects in a log without entries", got["suspects_total"])
	}
	s = load(t, reading.Correct, wordpress+"sample.log", "")
	if _, got = asJSON(t, s, Options{}); got["suspects_total"] != float64(s.Ranking.Len()) {
		t.Errorf("%v suspects in all, %d known", got["suspects_total"], s.Ranking.Len())
	}
}

func TestJSONKeepsEveryCharacter(t *testing.T) {
	s := loadText(t, reading.Correct, hostileLog)
	_, got := asJSON(t, s, Options{Version: "\x1b\u202e"})
	if got["version"] != "\x1b\u202e" {
		t.Errorf("version %q", got["version"])
	}
	var tables []string
	for _, row := range got["counts"].(map[string]any)["table"].([]any) {
		tables = append(tables, row.(map[string]any)["table"].(string))
	}
	if want := "t\x1b[31m\u2066\r\\xfe"; !slices.ContainsFunc(tables, func(s string) bool { return strings.Contains(s, want) }) {
		t.Errorf("tables %q, want one with %q", tables, want)
	}
}

// failing takes a number of bytes and then fails.
type failing int

var errFull = errors.New("disk full")

func (f *failing) Write(b []byte) (int, error) {
	if *f -= failing(len(b)); *f < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestErrors(t *testing.T) {
	s := loadText(t, reading.Correct, smallLog)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for name, write := range map[string]func(context.Context, *failing) error{
		"text": func(ctx context.Context, w *failing) error { return Text(ctx, w, s, Options{}) },
		"json": func(ctx context.Context, w *failing) error { return JSON(ctx, w, s, Options{}) },
	} {
		room, endless := failing(1000), failing(math.MaxInt)
		if err := write(context.Background(), &room); !errors.Is(err, errFull) {
			t.Errorf("%s: %v, want the writer's error", name, err)
		}
		if err := write(cancelled, &endless); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want that it was cancelled", name, err)
		}
	}
}

// The same log gives the same bytes with one worker and with eight.
func TestReproducible(t *testing.T) {
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		var texts, objects []string
		for _, workers := range []int{1, 8} {
			cfg := pipeline.DefaultConfig()
			cfg.Reading, cfg.Workers, cfg.Params.Workers = r, workers, workers
			s := loadFiles(t, cfg, wordpress+"sample-labels.csv", wordpress+"sample.log")
			object, _ := asJSON(t, s, Options{})
			texts, objects = append(texts, text(t, s, Options{})), append(objects, object)
		}
		if texts[0] != texts[1] {
			t.Errorf("%v: the text differs", r)
		}
		if objects[0] != objects[1] {
			t.Errorf("%v: the JSON differs", r)
		}
	}
}
