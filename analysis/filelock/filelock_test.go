package filelock

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestClaim(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	release, claimed, err := Claim(path)
	if err != nil || !claimed {
		t.Fatalf("a file that nobody has: %v, %v", claimed, err)
	}
	if _, again, err := Claim(path); again || err != nil {
		t.Errorf("claimed twice: %v, %v", again, err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	// A process that was killed leaves a file that nobody has.
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if release, claimed, err = Claim(path); err != nil || !claimed {
		t.Fatalf("a file that was left behind: %v, %v", claimed, err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}

// Of many at once, one has it at any time, although the file comes and goes.
func TestClaimIsExclusive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	var inside, times atomic.Int32
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 200 {
				release, claimed, err := Claim(path)
				if err != nil {
					t.Error(err)
				}
				if !claimed {
					continue
				}
				if n := inside.Add(1); n != 1 {
					t.Errorf("%d have it", n)
				}
				times.Add(1)
				inside.Add(-1)
				if err := release(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if times.Load() == 0 {
		t.Error("nobody had it")
	}
}

func TestLockEndsWithItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Lock(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := Lock(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("locked twice: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	if unlock, err = Lock(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
}
