// Package filelock gives a process a file to itself, among all processes that ask
// for it here. The lock ends with the process, however that ends, where the
// system can do that.
package filelock

import (
	"context"
	"time"
)

// poll calls try until it succeeds, fails, or ctx ends. What is done under a lock
// takes milliseconds, so it is tried again soon.
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
