package filter

import (
	"context"
	"fmt"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"

	"sqleuth/analysis/store"
)

// textPerJob is about how much text is searched at a time, in bytes: enough to
// make up for starting in the midst of a log, little enough that all processors
// have work near the end. The first jobs are smaller, each twice as large as the
// one before, so that hits show at once also where a slow expression needs a
// second for a full job.
const (
	textPerJob  = 8 << 20
	textOfFirst = 128 << 10
)

// A job is a part of a span.
type job struct {
	span     int
	from, to int  // entries of the span; from is a multiple of 64
	last     bool // of its span
}

// jobs cuts the log: a span each, and smaller ones where much text is read.
func (p *Program) jobs() []job {
	v := p.log.Entries
	var jobs []job
	size := int64(textOfFirst)
	for s := range v.Spans() {
		span := v.Span(s)
		n, from := len(span.Row), 0
		for j := 64; p.text && j < n; j += 64 {
			if v.Offset(span.First+j)-v.Offset(span.First+from) >= size {
				jobs = append(jobs, job{s, from, j, false})
				from, size = j, min(2*size, textPerJob)
			}
		}
		jobs = append(jobs, job{s, from, n, true})
	}
	return jobs
}

// Run looks through the log on all processors, in order, and returns the
// entries that match.
//
// publish, if not nil, is called on the same goroutine with what was found so
// far, each time for more entries from the log's beginning, the last time for
// all of them; it should return fast. When ctx is done, or a statement cannot
// be read, Run returns within milliseconds what is complete up to there with
// the error: ctx.Err(), or that of the TextReader. The result does not depend
// on the number of processors.
func (p *Program) Run(ctx context.Context, publish func(*Selection)) (*Selection, error) {
	jobs := p.jobs()
	g := grower{sel: Selection{total: p.log.Entries.Len()}}
	if len(jobs) == 0 {
		return g.snapshot(), ctx.Err()
	}
	workers := min(runtime.GOMAXPROCS(0), len(jobs))

	type result struct {
		job      int
		hits     *chunk
		panicked any
		err      error
	}
	results := make(chan result, workers)
	var next atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			text := statement{ctx: ctx}
			for !failed.Load() {
				// Jobs are taken in order, so those before a failed one were
				// taken before and will be finished.
				i := int(next.Add(1)) - 1
				if i >= len(jobs) {
					return
				}
				hits, panicked, err := p.safely(ctx, jobs[i], &text)
				if err != nil || panicked != nil {
					failed.Store(true)
				}
				results <- result{i, hits, panicked, err}
			}
		})
	}
	go func() {
		wg.Wait()
		close(results)
	}()

	// Results come in any order and count in the order of the log.
	waiting := map[int]result{}
	done := 0
	var err error
	var panicked any
	for r := range results {
		if r.panicked != nil {
			panicked = r.panicked
			continue
		}
		waiting[r.job] = r
		before := done
		for err == nil {
			r, ok := waiting[done]
			if !ok {
				break
			}
			delete(waiting, done)
			if err = r.err; err != nil {
				break
			}
			j := jobs[done]
			g.add(r.hits, j.span*store.SpanLen+j.to, j.last)
			done++
		}
		if publish != nil && done > before && ctx.Err() == nil {
			publish(g.snapshot())
		}
	}
	if panicked != nil {
		panic(panicked)
	}
	return g.snapshot(), err
}

// safely calls do and returns a panic, which the caller of Run can recover from
// only on its own goroutine.
func (p *Program) safely(ctx context.Context, j job, text *statement) (hits *chunk, panicked any, err error) {
	defer func() { panicked = recover() }()
	hits, err = p.do(ctx, j, text)
	return hits, nil, err
}

// do evaluates one job; nil means no matches.
func (p *Program) do(ctx context.Context, j job, text *statement) (*chunk, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	span := p.log.Entries.Span(j.span)
	var c, open chunk
	var found uint64
	first, last := -1, -1 // words with entries that need their text
	for k := j.from >> 6; k<<6 < j.to; k++ {
		mask := ^uint64(0)
		if n := j.to - k<<6; n < 64 {
			mask = 1<<n - 1
		}
		yes, maybe := p.root.word(&span, k, mask)
		c.words[k] = yes
		found |= yes
		if open.words[k] = maybe &^ yes; open.words[k] != 0 {
			if first < 0 {
				first = k
			}
			last = k
		}
	}
	if first >= 0 {
		hit, err := p.search(ctx, &span, first, last, &open, &c, text)
		if err != nil {
			return nil, err
		}
		if hit {
			found = 1
		}
	}
	if found == 0 {
		return nil, nil
	}
	return &c, nil
}

// yieldEvery is after how many statements a worker lets others run: with all
// processors at work here, the screen would else wait for up to ten milliseconds,
// until the scheduler takes one of them away.
const yieldEvery = 64

// search reads the statements of the entries in open, whose words first to last
// hold all of them, and adds those that match to hits.
func (p *Program) search(ctx context.Context, span *store.Span, first, last int, open, hits *chunk, text *statement) (hit bool, err error) {
	from := span.First + first<<6 + bits.TrailingZeros64(open.words[first])
	to := span.First + last<<6 + bits.Len64(open.words[last])
	want := func(i int) bool {
		j := i - span.First
		return open.words[j>>6]>>(j&63)&1 != 0
	}
	seen := 0
	err = p.log.Text.Scan(ctx, from, to, want, func(i int, b []byte) bool {
		if seen++; seen%yieldEvery == 0 {
			runtime.Gosched()
		}
		j := i - span.First
		text.text = b
		if p.root.match(span, j, text) {
			hits.words[j>>6] |= 1 << (j & 63)
			hit = true
		}
		return ctx.Err() == nil
	})
	text.text = nil
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		return false, fmt.Errorf("search statements of entries %d to %d: %w", from+1, to, err)
	}
	return hit, nil
}
