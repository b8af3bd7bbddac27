//go:build !darwin && !dragonfly && !freebsd && !illumos && !linux && !netbsd && !openbsd && !windows

package filelock

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Lock waits until it can create the file, and unlock removes it. A process that
// was killed leaves it behind, which only a person can know, so the error explains
// what to do.
func Lock(ctx context.Context, path string) (unlock func() error, err error) {
	err = poll(ctx, func() (bool, error) { return create(path) })
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w; if no other sqleuth runs, remove that file", path, err)
	}
	return func() error { return os.Remove(path) }, nil
}

// Claim creates a file that is there only while one process has it, or reports that
// somebody does. Here a process that was killed leaves it behind.
func Claim(path string) (release func() error, claimed bool, err error) {
	got, err := create(path)
	if err != nil || !got {
		return nil, false, err
	}
	return func() error { return os.Remove(path) }, true, nil
}

// create makes the file, if it is not there.
func create(path string) (made bool, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, f.Close()
}
