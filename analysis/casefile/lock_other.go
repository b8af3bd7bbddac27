//go:build !darwin && !dragonfly && !freebsd && !illumos && !linux && !netbsd && !openbsd && !windows

package casefile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// lock waits until it can create the file, and unlock removes it. A process
// that was killed leaves it behind; only a person can tell, so the error says
// what to do.
func lock(ctx context.Context, path string) (unlock func() error, err error) {
	err = poll(ctx, func() (bool, error) {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		return true, f.Close()
	})
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w; if no other sqleuth runs, remove that file", path, err)
	}
	return func() error { return os.Remove(path) }, nil
}
