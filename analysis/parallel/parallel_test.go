package parallel

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
)

func TestDoCallsEach(t *testing.T) {
	var sum atomic.Int64
	Do(10, func(k int) { sum.Add(int64(k) + 1) })
	if sum.Load() != 55 {
		t.Errorf("numbers add up to %d, want 55", sum.Load())
	}
	Do(0, func(int) { t.Error("called for nothing") })
}

// A panic reaches the caller once all work is done, with the stack of
// where it happened, however deep.
func TestDoPanics(t *testing.T) {
	broken := errors.New("broken")
	var done atomic.Int64
	defer func() {
		p, ok := recover().(*Panic)
		if !ok || p.Value != broken || !strings.Contains(string(p.Stack), "breaks(") {
			t.Errorf("recovered %+v", p)
		}
		if done.Load() != 3 {
			t.Errorf("%d others were done, want 3", done.Load())
		}
	}()
	Do(4, func(k int) {
		if k == 2 {
			Do(1, func(int) { breaks(broken) })
		}
		done.Add(1)
	})
	t.Error("no panic")
}

//go:noinline
func breaks(err error) { panic(err) }
