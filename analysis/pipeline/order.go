package pipeline

import (
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
// else into that of their first entries, and says in words what the order is.
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

// byFirstEntry puts the files of a set into the order of their first entries, where
// those tell it, and says in words what the order is; nothing for a single file.
// Any other file keeps the place that the set gave it: standard input, one without
// a time at its head, and one with local times beside others with UTC, as long as
// the zone is not known. So do files that begin at the same time.
func byFirstEntry(ctx context.Context, set *logfile.Set, zone *time.Location) (string, error) {
	files := set.Files()
	if len(files) < 2 {
		return "", nil
	}
	type dated struct {
		file int
		time int64
	}
	var utc, local []dated
	reader := newHeads()
	for k := range files {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		head, err := set.Head(k, headLen)
		if err != nil {
			continue // if it is more than a missing time, reading will say so
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
	list := utc
	if len(utc) == 0 {
		list = local
	}
	if len(list) < 2 {
		return "as given, rotated files by their number or date", nil
	}
	order := make([]int, len(files))
	for k := range order {
		order[k] = k
	}
	byTime := slices.Clone(list)
	slices.SortStableFunc(byTime, func(a, b dated) int {
		switch {
		case a.time < b.time:
			return -1
		case a.time > b.time:
			return 1
		}
		return 0
	})
	for i, place := range list {
		order[place.file] = byTime[i].file
	}
	if err := set.Reorder(order); err != nil {
		return "", err
	}
	how := "that of their first entries"
	if n := len(files) - len(list); n == 1 {
		how += "; one of them, whose time cannot be compared, kept its place"
	} else if n > 1 {
		how += fmt.Sprintf("; %d of them, whose times cannot be compared, kept their places", n)
	}
	return how, nil
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
type heads chan []byte

func newHeads() heads { return make(heads, 2) }

// each reads a file's head as the default reading does.
func (h heads) each(head []byte, on reading.Handler) {
	parser := reading.NewParser(reading.Correct)
	cut := newCutter(reading.Correct, h, func(c chunk) error {
		var cov genlog.Coverage
		parser.Table = c.table
		parser.Parse(c.Chunk, &cov, on)
		h.back(c.Data)
		return nil
	})
	// The cutter fails only if its receiver does.
	_ = cut.add(0, 0, head)
	_ = cut.end()
	h.back(cut.buf)
}

// back takes a buffer back.
func (h heads) back(buf []byte) {
	select {
	case h <- buf[:0]:
	default:
	}
}
