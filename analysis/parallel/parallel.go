// Package parallel shares work among goroutines. A panic in one of them becomes one of
// the caller, which can turn it into an error; by itself it would end
// the program.
package parallel

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// Panic is a panic of a goroutine, with its stack.
type Panic struct {
	Value any
	Stack []byte
}

// Workers returns how many goroutines keep all processors busy.
func Workers() int { return runtime.GOMAXPROCS(0) }

// Do calls work with each number from 0 to n-1, each on a goroutine of its own, and
// returns when all have. It panics with a *Panic, the first one, if one of them does.
func Do(n int, work func(k int)) {
	var (
		wait  sync.WaitGroup
		once  sync.Once
		first *Panic
	)
	for k := range n {
		wait.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					once.Do(func() { first = panicOf(v) })
				}
			}()
			work(k)
		})
	}
	wait.Wait()
	if first != nil {
		panic(first)
	}
}

// panicOf keeps the stack of a panic that comes from a goroutine further down.
func panicOf(v any) *Panic {
	if p, ok := v.(*Panic); ok {
		return p
	}
	return &Panic{v, debug.Stack()}
}
