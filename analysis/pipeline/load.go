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
	"sqleuth/analysis/reading"
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
	l := startLoading(ctx, cancel, cfg, set)
	for j := range l.ordered {
		select {
		case <-j.done:
		case <-ctx.Done():
			return nil, l.stop(ctx)
		}
		rec.record(j.batch)
		// Banners and holes prove nothing: a log may hold little else.
		if rec.columns.Len() == 0 && rec.coverage.RejectBytes+rec.coverage.MessageBytes-rec.coverage.HoleBytes > look {
			cancel(rec.notALog(set))
			return nil, l.stop(ctx)
		}
		l.reuse(j)
		update(rec)
	}
	l.running.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	rec.lines = l.lines
	rec.enter(len(servers) - 1) // those at the end may be empty
	if rec.columns.Len() == 0 {
		if err := rec.empty(set); err != nil {
			return nil, err
		}
	}
	return rec, nil
}

// loading is a set of files on its way: one goroutine cuts it into chunks, several
// parse them. The first error or panic of one cancels all.
type loading struct {
	cancel  context.CancelCauseFunc
	running sync.WaitGroup
	jobs    chan *job // to the parsers
	ordered chan *job // the same, in the order of the files
	// What is done with is used again.
	idle  spare[*job]
	free  spare[[]byte]
	maps  spare[*textmap.Map]
	lines loaded.Lines // of the goroutine that cuts
}

// job is a chunk and what becomes of it.
type job struct {
	chunk chunk
	batch *batch
	done  chan struct{}
}

func startLoading(ctx context.Context, cancel context.CancelCauseFunc, cfg Config, set *logfile.Set) *loading {
	workers := cfg.workers()
	depth := 2 * workers
	inFlight := 2*depth + workers + 2
	l := &loading{
		cancel: cancel,
		jobs:   make(chan *job, depth), ordered: make(chan *job, depth),
		idle: make(spare[*job], inFlight), free: make(spare[[]byte], inFlight), maps: make(spare[*textmap.Map], inFlight),
	}
	for w := range workers {
		l.start(func() error {
			p := newParser(w, cfg.Reading)
			for j := range l.jobs {
				p.parse(j.chunk, j.batch)
				close(j.done)
			}
			return nil
		})
	}
	l.start(func() error {
		defer close(l.jobs)
		defer close(l.ordered)
		return l.cut(ctx, set, cfg.Reading)
	})
	return l
}

// start runs work on a goroutine of its own.
func (l *loading) start(work func() error) {
	l.running.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				l.cancel(&PanicError{v, debug.Stack()})
			}
		}()
		if err := work(); err != nil {
			l.cancel(err)
		}
	})
}

// cut reads the files and hands on their chunks.
func (l *loading) cut(ctx context.Context, set *logfile.Set, r reading.Reading) error {
	cut := newCutter(r, l.free, func(c chunk) error { return l.hand(ctx, c) })
	cut.maps = l.maps
	err := set.Read(ctx, func(b *logfile.Block) error {
		l.lines.Add(b.File, b.Offset, b.Data)
		return cut.addBlock(b)
	})
	if err == nil {
		err = cut.end()
	}
	if errors.Is(err, errNewestFirst) {
		err = fmt.Errorf("%q: %w", set.Files()[cut.file].Name, err)
	}
	return err
}

// hand gives a chunk to the parsers and to who takes them in order.
func (l *loading) hand(ctx context.Context, c chunk) error {
	j, ok := l.idle.take()
	if !ok {
		j = &job{batch: new(batch)}
	}
	j.chunk, j.done = c, make(chan struct{})
	for _, to := range []chan *job{l.ordered, l.jobs} {
		select {
		case to <- j:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// reuse takes a job back that was recorded.
func (l *loading) reuse(j *job) {
	if j.chunk.block != nil {
		j.chunk.block.Release()
	} else {
		l.free.give(j.chunk.Data)
	}
	if j.chunk.Map != nil {
		l.maps.give(j.chunk.Map)
	}
	l.idle.give(j)
}

// stop ends all goroutines and returns why.
func (l *loading) stop(ctx context.Context) error {
	l.cancel(nil)
	for range l.ordered { // the cutter may be waiting
	}
	l.running.Wait()
	return context.Cause(ctx)
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
