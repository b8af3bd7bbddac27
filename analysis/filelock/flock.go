//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package filelock

import (
	"context"
	"errors"
	"os"
	"syscall"
)

// Lock waits for the exclusive lock of a file, which is made where it is missing.
// The kernel gives the lock back when the process ends. The file itself stays:
// removing it would let two processes lock two files of one name.
func Lock(ctx context.Context, path string) (unlock func() error, err error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	err = poll(ctx, func() (bool, error) { return flock(f) })
	if err != nil {
		return nil, errors.Join(&os.PathError{Op: "lock", Path: path, Err: err}, f.Close())
	}
	return f.Close, nil
}

// Claim takes the exclusive lock of a file that is there only while somebody has
// it, or reports that one does. It does not wait. An error that is
// errors.ErrUnsupported means that this file system has no locks.
func Claim(path string) (release func() error, claimed bool, err error) {
	for {
		f, err := open(path)
		if err != nil {
			return nil, false, err
		}
		got, err := flock(f)
		if errors.Is(err, syscall.ENOLCK) {
			err = errors.ErrUnsupported
		}
		if err != nil || !got {
			return nil, false, errors.Join(err, f.Close())
		}
		// The previous holder may have removed the file that was just locked.
		mine, err := f.Stat()
		if err != nil {
			return nil, false, errors.Join(err, f.Close())
		}
		if now, err := os.Stat(path); err == nil && os.SameFile(mine, now) {
			return func() error { return errors.Join(os.Remove(path), f.Close()) }, true, nil
		}
		f.Close()
	}
}

func open(path string) (*os.File, error) { return os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) }

// flock tries to take the lock and does not wait.
func flock(f *os.File) (got bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
		return false, nil
	}
	return err == nil, err
}
