package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
)

// headLen is how much of a file is read to find the time of its first entry: more
// than a banner and the rest of a usual statement.
const headLen = 256 << 10

// orderFiles puts the files of a set into the order that the configuration has, or
// else into that of their first entries, and returns in words what the order is.
func orderFiles(ctx context.Context, set *logfile.Set, cfg Config) (string, error) {
	if cfg.Order == nil {
		return byFirstEntry(ctx, set, cfg.Zone)
	}
	files := set.Files()
	order := make([]int, 0, len(files))
	for _, name := range cfg.Order.Names {
		k := slices.IndexFunc(files, func(f logfile.File) bool { return cfg.Order.Same(f.Name, name) })
		if k < 0 {
			return "", fmt.Errorf("order logs: there is no %q", name)
		}
		order = append(order, k)
	}
	return cfg.Order.How, set.Reorder(order)
}

// dated is a file with the time of its first entry, in microseconds since 1970.
type dated struct {
	file int
	time int64
}

// byFirstEntry puts the files of each server, and the servers of a set, into the order
// of their first entries, where those show it, and returns words for the order;
// nothing for a single file. Any other file keeps the place that the set gave it:
// standard input, one without a time at its head, and one with local times beside
// others with UTC, as long as the zone is not known. So do files that begin at the same
// time. A server begins with the first of its files that has a place in time.
func byFirstEntry(ctx context.Context, set *logfile.Set, zone *time.Location) (string, error) {
	files := set.Files()
	if len(files) < 2 {
		return "", nil
	}
	list, err := firstEntries(ctx, set, zone)
	if err != nil {
		return "", err
	}
	if len(list) < 2 {
		return "as given, rotated files by their number or date", nil
	}
	var servers [][]int // the files of each
	for k := range files {
		if k == 0 || files[k].Server != files[k-1].Server {
			servers = append(servers, nil)
		}
		servers[len(servers)-1] = append(servers[len(servers)-1], k)
	}
	var begins []dated // the servers
	for n, own := range servers {
		first, behind := own[0], own[0]+len(own)
		of := slices.DeleteFunc(slices.Clone(list), func(d dated) bool { return d.file < first || d.file >= behind })
		byTime := sortedByTime(of)
		for i, place := range of {
			own[place.file-first] = byTime[i].file
		}
		if len(of) > 0 {
			begins = append(begins, dated{n, byTime[0].time})
		}
	}
	inTime := slices.Clone(servers)
	for i, d := range sortedByTime(begins) {
		inTime[begins[i].file] = servers[d.file]
	}
	if err := set.Reorder(slices.Concat(inTime...)); err != nil {
		return "", err
	}
	how := "that of their first entries"
	if len(servers) > 1 {
		how = "server by server, that of their first entries"
	}
	if n := len(files) - len(list); n == 1 {
		how += "; one of them, whose time cannot be compared, kept its place"
	} else if n > 1 {
		how += fmt.Sprintf("; %d of them, whose times cannot be compared, kept their places", n)
	}
	return how, nil
}

// firstEntries returns the files of a set whose first entries have times that can be
// compared, in the order of the set.
func firstEntries(ctx context.Context, set *logfile.Set, zone *time.Location) ([]dated, error) {
	var utc, local []dated
	reader := newHeads()
	for k := range set.Files() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		head, err := set.Head(k, headLen)
		if err != nil {
			continue // if it is more than a missing time, reading will report it
		}
		t, isLocal, ok := reader.firstTime(head)
		switch {
		case !ok:
		case isLocal && zone == nil:
			local = append(local, dated{k, t})
		case isLocal:
			utc = append(utc, dated{k, toUTC(t, zone)})
		default:
			utc = append(utc, dated{k, t})
		}
	}
	if len(utc) == 0 {
		return local, nil
	}
	return utc, nil
}

func sortedByTime(list []dated) []dated {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b dated) int { return cmp.Compare(a.time, b.time) })
	return sorted
}

// firstTime returns the time of the first entry that has one, and whether it is
// the server's local time.
func (h heads) firstTime(head []byte) (t int64, local, ok bool) {
	h.each(head, reading.Handler{Record: func(r *reading.Record) {
		if !ok && !r.Same && r.Time != store.NoTime {
			t, local, ok = r.Time, r.Local, true
		}
	}})
	return t, local, ok
}

// heads reads the beginnings of files. It is what their readers use in turn: the
// buffers of cutters, which are large for a set of ten thousand small files.
type heads struct{ spare[[]byte] }

func newHeads() heads { return heads{make(spare[[]byte], 2)} }

// each reads a file's head as the default reading does.
func (h heads) each(head []byte, on reading.Handler) {
	parser := reading.NewParser(reading.Correct)
	cut := newCutter(reading.Correct, h.spare, func(c chunk) error {
		var cov genlog.Coverage
		parser.Table = c.table
		parser.Parse(c.Chunk, &cov, on)
		h.give(c.Data)
		return nil
	})
	// The cutter fails only if its receiver does.
	_ = cut.add(0, 0, head)
	_ = cut.end()
	h.give(cut.buf)
}
