package pipeline

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
)

const (
	utcAt   = "2024-07-10T%02d:00:00.000000Z\t    1 Query\tSELECT 1\n"
	localAt = "240710 %02d:00:00\t    1 Query\tSELECT 1\n"
	noTime  = "the rest of a statement\n"
)

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Files are read in the order of their first entries, where those can be compared.
func TestOrderOfFiles(t *testing.T) {
	at := func(form string, hour int) string { return fmt.Sprintf(form, hour) }
	berlin := time.FixedZone("CEST", 2*60*60)
	type file struct{ name, text string }
	for _, test := range []struct {
		name  string
		files []file
		zone  *time.Location
		want  string
		order string
	}{
		{"one", []file{{"a", at(utcAt, 5)}}, nil, "a", ""},
		{"old named last", []file{{"db-general.log", at(utcAt, 5)}, {"db-general-old.log", at(utcAt, 3)}}, nil,
			"db-general-old.log db-general.log", "that of their first entries"},
		{"compressed", []file{{"c", at(utcAt, 7)}, {"a", zipped(t, at(utcAt, 4))}, {"b", at(utcAt, 5)}}, nil, "a b c", "that of their first entries"},
		{"behind the rest of a statement", []file{{"b", noTime + at(utcAt, 7)}, {"a", noTime + at(utcAt, 4)}}, nil, "a b", "that of their first entries"},
		{"the second entry does not count", []file{{"b", at(utcAt, 7) + at(utcAt, 1)}, {"a", at(utcAt, 4)}}, nil, "a b", "that of their first entries"},
		{"local times", []file{{"b", at(localAt, 7)}, {"a", at(localAt, 4)}}, nil, "a b", "that of their first entries"},
		{"the same time", []file{{"a", at(utcAt, 5)}, {"c", at(utcAt, 5)}, {"b", at(utcAt, 5)}}, nil, "a c b", "that of their first entries"},
		{"rotated, the same time", []file{{"x.log", at(utcAt, 5)}, {"x.log.1", at(utcAt, 5)}}, nil, "x.log.1 x.log", "that of their first entries"},
		{"rotated the other way", []file{{"x.log.2", at(utcAt, 5)}, {"x.log.1", at(utcAt, 3)}}, nil, "x.log.1 x.log.2", "that of their first entries"},
		{"one without a time", []file{{"c", at(utcAt, 7)}, {"x", noTime}, {"a", at(utcAt, 4)}}, nil, "a x c", "one of them, whose time cannot be compared"},
		{"standard input", []file{{"c", at(utcAt, 7)}, {"-", at(utcAt, 9)}, {"a", at(utcAt, 4)}}, nil, "a - c", "one of them"},
		{"local beside UTC", []file{{"c", at(utcAt, 7)}, {"l", at(localAt, 1)}, {"m", at(localAt, 0)}, {"a", at(utcAt, 4)}}, nil, "a l m c", "2 of them"},
		{"local beside UTC, the zone known", []file{{"c", at(utcAt, 7)}, {"b", at(localAt, 8)}, {"a", at(utcAt, 5)}}, berlin, "a b c", "that of their first entries"},
		{"no times", []file{{"x", noTime}, {"y.log", noTime}, {"y.log.1", noTime}}, nil, "x y.log.1 y.log", "as given, rotated files by"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			var paths []string
			var opts logfile.Options
			for _, f := range test.files {
				if f.name == "-" {
					opts.Stdin = strings.NewReader(f.text)
					paths = append(paths, "-")
					continue
				}
				paths = append(paths, filepath.Join(dir, f.name))
				if err := os.WriteFile(paths[len(paths)-1], []byte(f.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			set, err := logfile.Open(paths, opts)
			if err != nil {
				t.Fatal(err)
			}
			defer set.Close()
			order, err := orderFiles(context.Background(), set, Config{Zone: test.zone})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range set.Files() {
				got = append(got, filepath.Base(f.Name))
			}
			if want := strings.Fields(test.want); !slices.Equal(got, want) {
				t.Errorf("order %q, want %q", got, want)
			}
			if !strings.Contains(order, test.order) || (order == "") != (test.order == "") {
				t.Errorf("%q does not say %q", order, test.order)
			}
		})
	}
}

// A run orders its files, so that time does not step back in it.
func TestRunOrdersFiles(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for name, hour := range map[string]int{"general.log": 5, "general-old.log": 3} {
		paths = append(paths, filepath.Join(dir, name))
		if err := os.WriteFile(paths[len(paths)-1], fmt.Appendf(nil, utcAt, hour), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		slices.Reverse(paths)
		cfg := DefaultConfig()
		cfg.Params.Trees = 2
		s, err := Run(context.Background(), cfg, open(t, paths...), func(*Snapshot) (label.Set, error) { return label.Set{}, nil }, quiet)
		if err != nil {
			t.Fatal(err)
		}
		if s.Backwards != 0 || filepath.Base(s.Files[0].Name) != "general-old.log" || s.Order == "" {
			t.Errorf("%d steps back, first %q, order %q", s.Backwards, s.Files[0].Name, s.Order)
		}
	}
}
