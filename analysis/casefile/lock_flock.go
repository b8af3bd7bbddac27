//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package casefile

import (
	"context"
	"errors"
	"os"
	"syscall"
)

// lock waits for the exclusive lock of a file, which the kernel gives back when
// the process ends, however it ends. The file itself stays: removing it would
// let two processes lock two files of one name.
func lock(ctx context.Context, path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = poll(ctx, func() (bool, error) {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return nil, errors.Join(&os.PathError{Op: "lock", Path: path, Err: err}, f.Close())
	}
	return f.Close, nil
}
