package casefile

import (
	"context"
	"time"
)

// poll calls try until it succeeds, fails, or ctx ends. Saves take
// milliseconds, so a lock is tried again soon.
func poll(ctx context.Context, try func() (done bool, err error)) error {
	const pause = 5 * time.Millisecond
	for {
		if done, err := try(); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}
