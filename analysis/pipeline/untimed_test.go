package pipeline

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"sqleuth/analysis/store"
)

// TestTimesOfFiles: lines of the second that was printed before take its time, which
// ends with the file; the first ones of a file have none. Zones do not move what is
// not there.
func TestTimesOfFiles(t *testing.T) {
	const banner = "mysqld, Version: 10.4.6-MariaDB (x). started with:\nTCP Port: 3306, Named Pipe: x\nTime\t\t    Id Command\tArgument\n"
	dir := t.TempDir()
	var paths []string
	for name, text := range map[string]string{
		"a.log": banner + "\t\t     3 Query\tSELECT 1\n190304 16:59:40\t     3 Query\tSELECT 2\n\t\t     3 Query\tSELECT 3\n",
		"b.log": banner + "\t\t     4 Query\tSELECT 4\n\t\t     4 Query\tSELECT 5\n190304 16:59:41\t     4 Query\tSELECT 6\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	at := time.Date(2019, 3, 4, 15, 59, 40, 0, time.UTC).UnixMicro()
	before := func(micros int64) store.Moment { return store.Moment{Micros: micros, Before: true} }
	want := []store.Moment{before(at), store.At(at), store.At(at), before(at + 1e6), before(at + 1e6), store.At(at + 1e6)}
	for _, workers := range []int{1, 8} {
		cfg := DefaultConfig()
		cfg.Workers = workers
		var err error
		if cfg.Zone, err = time.LoadLocation("Europe/Berlin"); err != nil {
			t.Fatal(err)
		}
		s, _ := runOn(t, cfg, paths...)
		if s.Len() != len(want) {
			t.Fatalf("%d workers: %d entries, want %d", workers, s.Len(), len(want))
		}
		for i, m := range want {
			if got := s.Moment(i); got != m {
				t.Errorf("%d workers: entry %d is of %v, want %v", workers, i, got, m)
			}
		}
		if s.Backwards != 0 {
			t.Errorf("%d workers: %d steps back in time", workers, s.Backwards)
		}
	}
}
