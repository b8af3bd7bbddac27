package pipeline

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/logfile"
)

// capture returns the first bytes of the log of a real server.
func capture(t *testing.T, name string, most int) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := io.Reader(f)
	if filepath.Ext(name) == ".gz" {
		if in, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(io.LimitReader(in, int64(most)))
	if err != nil {
		t.Fatal(err)
	}
	return text[:bytes.LastIndexByte(text, '\n')+1]
}

// parted is a log cut into files at beginnings of lines that begin with a digit.
func parted(text []byte, parts int) (files [][]byte) {
	for k := range parts {
		from, to := len(text)*k/parts, len(text)*(k+1)/parts
		for _, at := range []*int{&from, &to} {
			for *at > 0 && *at < len(text) && !(text[*at-1] == '\n' && text[*at] == '2') {
				*at++
			}
		}
		files = append(files, text[from:to])
	}
	return files
}

// opened opens files of servers, given in turn as rotated logs of several servers are.
func opened(t *testing.T, servers map[string][][]byte, names ...string) *logfile.Set {
	t.Helper()
	dir := t.TempDir()
	opt := logfile.Options{Servers: map[string]string{}}
	var paths []string
	for k := 0; ; k++ {
		more := false
		for _, name := range names {
			if k >= len(servers[name]) {
				continue
			}
			more = true
			path := filepath.Join(dir, fmt.Sprintf("%s-%d.log", name, k))
			if err := os.WriteFile(path, servers[name][k], 0o600); err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
			opt.Servers[path] = name
		}
		if !more {
			break
		}
	}
	set, err := logfile.Open(paths, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	return set
}

// found is what is known of one server, with places counted from its beginning.
type found struct {
	entries, connections, hours, detections, integrity []string
}

// of collects what is known of server k of a log.
func of(t *testing.T, l *loaded.Log, k int, detections []detect.Detection, report integrity.Report) (f found) {
	t.Helper()
	from, to := l.EntriesOf(k)
	connection, runs := 0, uint32(0)
	if k < len(l.Servers) {
		connection = l.Servers[k].Connection
	}
	if connection > 0 {
		runs = l.Connections.Peek(connection).Epoch - 1
	}
	hours := map[string]int{}
	for i := from; i < to; i++ {
		c := int(l.Entries.Connection(i))
		who := l.Connections.Who(c, i)
		f.entries = append(f.entries, fmt.Sprint(l.Entries.Time(i), c-connection, l.Command(i), l.Action(i), l.Table(i), l.Digest(i),
			l.Connections.Text(who.User), l.Connections.Text(who.Host), l.Connections.Text(who.Database)))
		hours[fmt.Sprint(l.Moment(i).Format("15"), l.Action(i))]++
	}
	for hour, n := range hours {
		f.hours = append(f.hours, fmt.Sprint(hour, n))
	}
	slices.Sort(f.hours)
	for c := range l.Connections.Len() {
		if l.ServerOfConnection(c) != k {
			continue
		}
		x := l.Connections.Peek(c)
		f.connections = append(f.connections, fmt.Sprint(x.ID, x.Epoch-runs, int(x.First)-from, int(x.Last)-from, x.Entries, x.Outcome, x.Doubt, x.Closed,
			l.Connections.Text(x.User), l.Connections.Text(x.Host), l.Connections.Text(x.Database), l.Connections.Text(x.Reason)))
	}
	for i := range detections {
		d := &detections[i]
		if l.ServerOf(int(d.Entries[0])) != k {
			continue
		}
		var at []int
		for _, e := range d.Entries {
			at = append(at, int(e)-from)
		}
		f.detections = append(f.detections, fmt.Sprint(d.Rule.Name, d.Severity, d.Time, d.Last, d.Count, d.Users, d.Hosts, d.Summary, len(d.Connections), at))
	}
	for _, x := range report.Findings {
		if x.First < from || x.First >= to || x.Kind == integrity.MissingIDs || x.Kind == integrity.NeverConnected || x.Kind == integrity.Forged {
			continue // in words about all, or by names that are shorter alone
		}
		f.integrity = append(f.integrity, fmt.Sprint(x.Kind, x.Severity, x.First-from, x.Count))
	}
	return f
}

// judged reads a set and finds the detections and the integrity of it.
func judged(t *testing.T, set *logfile.Set, workers int) (*loaded.Log, []detect.Detection, integrity.Report) {
	t.Helper()
	ctx := context.Background()
	cfg := DefaultConfig()
	cfg.Workers = workers
	s, err := read(ctx, cfg, set, func(Event) {})
	if err != nil {
		t.Fatal(err)
	}
	if s, err = tabulate(s, func(Event) {}, func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	s, err = analyse(ctx, s, NewText(set), cfg, func(Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return &s.Log, s.Detections, s.Integrity
}

// Of logs of two servers that are given together, each has the entries, connections,
// hours and detections that it has by itself, however their files are mixed and with
// any number of workers.
func TestServersApart(t *testing.T) {
	const most = 3 << 20
	logs := map[string][]byte{
		"a": capture(t, "exposed-root/general.log.gz", most),
		"b": capture(t, "slow-insider-and-noise/general.log.gz", most),
		"c": capture(t, "webapp-sqli/general.log.gz", most),
	}
	logs["twin"] = logs["a"] // the same hosts and users at the same times
	alone := map[string]found{}
	for name, text := range logs {
		l, detections, report := judged(t, opened(t, map[string][][]byte{"": {text}}, ""), 2)
		if l.SeveralServers() || l.ServerName(0) != "" {
			t.Fatalf("%s alone is of %v", name, l.Servers)
		}
		alone[name] = of(t, l, 0, detections, report)
		if len(alone[name].detections) == 0 {
			t.Fatalf("%s has no detection to compare", name)
		}
	}
	for _, test := range []struct {
		names   []string
		parts   int
		workers int
	}{{[]string{"a", "twin"}, 1, 1}, {[]string{"b", "a", "c"}, 3, 8}} {
		servers := map[string][][]byte{}
		for _, name := range test.names {
			servers[name] = parted(logs[name], test.parts)
		}
		l, detections, report := judged(t, opened(t, servers, test.names...), test.workers)
		if len(l.Servers) != len(test.names) {
			t.Fatalf("servers: %v, want %v", l.Servers, test.names)
		}
		for k := range l.Servers {
			name := l.ServerName(k)
			got, want := of(t, l, k, detections, report), alone[name]
			if test.parts > 1 { // files end the stretches in which ids are looked at
				got.integrity, want.integrity = nil, nil
			}
			compare(t, name+" entries", got.entries, want.entries)
			compare(t, name+" connections", got.connections, want.connections)
			compare(t, name+" hours", got.hours, want.hours)
			compare(t, name+" detections", got.detections, want.detections)
			compare(t, name+" integrity", got.integrity, want.integrity)
		}
	}
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d, want %d", what, len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("%s %d:\n  %.300s\nalone:\n  %.300s", what, i, got[i], want[i])
			return
		}
	}
}
