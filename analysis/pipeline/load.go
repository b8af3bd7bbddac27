package pipeline

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/textmap"
)

// look is how much of the input may pass without an entry before it is taken
// for something else. A log may begin with the rest of a long statement.
const look = 64 << 20

// load reads a set of files into a log. Chunks are parsed by several
// goroutines and recorded on the calling one, which also calls update, when
// there is time, with what is known so far.
func load(ctx context.Context, cfg Config, set *logfile.Set, update func(*recorder)) (*recorder, error) {
	rec, err := newRecorder(cfg)
	if err != nil {
		return nil, err
	}
	servers := serversOf(set)
	rec.writtenBy(servers)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	type job struct {
		chunk chunk
		batch *batch
		done  chan struct{}
	}
	workers := cfg.workers()
	depth := 2 * workers
	var (
		jobs    = make(chan *job, depth) // to the parsers
		ordered = make(chan *job, depth) // the same, to the recorder
		idle    = make(spare[*job], 2*depth+workers+2)
		free    = make(spare[[]byte], cap(idle))
		maps    = make(spare[*textmap.Map], cap(idle))
		wg      sync.WaitGroup
		lines   loaded.Lines // of the goroutine that cuts
	)
	guard := func(work func() error) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() {
				if v := recover(); v != nil {
					cancel(&PanicError{v, debug.Stack()})
				}
			}()
			if err := work(); err != nil {
				cancel(err)
			}
		}()
	}
	for w := range workers {
		guard(func() error {
			p := newParser(w, cfg.Reading)
			for j := range jobs {
				p.parse(j.chunk, j.batch)
				close(j.done)
			}
			return nil
		})
	}
	guard(func() error {
		defer close(jobs)
		defer close(ordered)
		cut := newCutter(cfg.Reading, free, func(c chunk) error {
			j, ok := idle.take()
			if !ok {
				j = &job{batch: new(batch)}
			}
			j.chunk, j.done = c, make(chan struct{})
			for _, to := range []chan *job{ordered, jobs} {
				select {
				case to <- j:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
		cut.maps = maps
		err := set.Read(ctx, func(b *logfile.Block) error {
			defer b.Release()
			// A file that was cut short behind our back gives less than it
			// promised; its damage records that, and what was read is kept.
			data, _ := b.Load()
			lines.Add(b.File, b.Offset, data)
			return cut.add(b.File, b.Offset, data)
		})
		if err == nil {
			err = cut.end()
		}
		if errors.Is(err, errNewestFirst) {
			err = fmt.Errorf("%q: %w", set.Files()[cut.file].Name, err)
		}
		return err
	})

	fail := func() error {
		cancel(nil)
		for range ordered { // the cutter may be waiting
		}
		wg.Wait()
		return context.Cause(ctx)
	}
	for j := range ordered {
		select {
		case <-j.done:
		case <-ctx.Done():
			return nil, fail()
		}
		rec.record(j.batch)
		// Banners and holes prove nothing: a log may hold little else.
		if rec.columns.Len() == 0 && rec.coverage.RejectBytes+rec.coverage.MessageBytes-rec.coverage.HoleBytes > look {
			cancel(rec.notALog(set))
			return nil, fail()
		}
		free.give(j.chunk.Data)
		if j.chunk.Map != nil {
			maps.give(j.chunk.Map)
		}
		idle.give(j)
		update(rec)
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	rec.lines = lines
	rec.enter(len(servers) - 1) // those at the end may be empty
	if rec.columns.Len() == 0 {
		if err := rec.empty(set); err != nil {
			return nil, err
		}
	}
	return rec, nil
}

// serversOf returns, by file of a set, the names of the servers that wrote them.
func serversOf(set *logfile.Set) (names []string) {
	for _, f := range set.Files() {
		names = append(names, f.Server)
	}
	return names
}

// files describes the files of a set as far as they are known.
func files(set *logfile.Set) []loaded.File {
	var out []loaded.File
	for _, f := range set.Files() {
		d := loaded.File{Name: f.Name, Server: f.Server, Container: f.Container.String(), Archive: f.Archive, Base: f.Base, Text: f.Size, Raw: f.RawSize, Damage: f.Damage}
		if f.Done {
			d.SHA256 = hex.EncodeToString(f.SHA256[:])
		}
		out = append(out, d)
	}
	// A full disk does not stop the analysis; that statements cannot be read
	// back afterwards must be seen all the same.
	if err := set.Degraded(); err != nil && len(out) > 0 {
		last := &out[len(out)-1]
		last.Damage = append(last.Damage, logfile.Damage{Kind: logfile.Unkept, Err: err})
	}
	return out
}

// pace spaces out snapshots so that taking them costs at most a twentieth of
// the time, and never more than ten are taken in a second. It decides what is
// shown early, never what is found.
type pace struct {
	next time.Time
}

func (p *pace) due() bool { return !time.Now().Before(p.next) }

func (p *pace) took(d time.Duration) {
	p.next = time.Now().Add(max(100*time.Millisecond, 20*d))
}
