package forest

import (
	"context"
	"sync"

	"sqleuth/analysis/parallel"
)

// inParallel runs tasks 0..n-1 on up to workers goroutines (0 means
// GOMAXPROCS) and hands them out in ascending order. Each goroutine calls
// newWorker once for a task function with its own buffers. The first error
// stops the rest and is returned.
func inParallel(ctx context.Context, n, workers int, newWorker func() func(ctx context.Context, task int) error) error {
	if workers <= 0 {
		workers = parallel.Workers()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		mu   sync.Mutex
		next int
	)
	parallel.Do(min(workers, n), func(int) {
		run := newWorker()
		for {
			mu.Lock()
			task := next
			next++
			mu.Unlock()
			if task >= n || ctx.Err() != nil {
				return
			}
			if err := run(ctx, task); err != nil {
				cancel(err) // the first cause wins
				return
			}
		}
	})
	return context.Cause(ctx)
}

// meter counts finished tasks and reports progress, one call at a time.
type meter struct {
	mu          sync.Mutex
	done, total int
	tell        func(done, total int)
}

func (m *meter) step() {
	if m.tell == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done++
	m.tell(m.done, m.total)
}

// rowBlock is the number of rows that one scoring task treats: enough work to
// hide handing it out, short enough to be cancelled between two of them.
const rowBlock = 2048

// rowBlocks returns the number of such tasks for a number of rows.
func rowBlocks(rows int) int { return (rows + rowBlock - 1) / rowBlock }
