package casefile

import (
	"context"
	"errors"
	"os"
	"syscall"
)

// lock waits until nobody else has the file open: it is opened without sharing,
// which the system undoes when the process ends, however it ends.
func lock(ctx context.Context, path string) (unlock func() error, err error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	const sharingViolation = syscall.Errno(32) // ERROR_SHARING_VIOLATION
	var handle syscall.Handle
	err = poll(ctx, func() (bool, error) {
		var err error
		handle, err = syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
			syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
		if errors.Is(err, sharingViolation) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return func() error { return syscall.CloseHandle(handle) }, nil
}
