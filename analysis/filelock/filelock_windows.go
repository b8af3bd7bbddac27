package filelock

import (
	"context"
	"errors"
	"os"
	"syscall"
)

const (
	sharingViolation  = syscall.Errno(32) // ERROR_SHARING_VIOLATION
	flagDeleteOnClose = 0x04000000        // FILE_FLAG_DELETE_ON_CLOSE
)

// Lock waits until nobody else has the file open: it is opened without sharing,
// which the system undoes when the process ends.
func Lock(ctx context.Context, path string) (unlock func() error, err error) {
	var handle syscall.Handle
	err = poll(ctx, func() (got bool, err error) {
		handle, got, err = open(path, syscall.FILE_ATTRIBUTE_NORMAL)
		return got, err
	})
	if err != nil {
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return func() error { return syscall.CloseHandle(handle) }, nil
}

// Claim opens a file that is there only while one process has it, or reports that
// somebody does. It does not wait.
func Claim(path string) (release func() error, claimed bool, err error) {
	handle, got, err := open(path, syscall.FILE_ATTRIBUTE_NORMAL|flagDeleteOnClose)
	if err != nil {
		return nil, false, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return func() error { return syscall.CloseHandle(handle) }, got, nil
}

// open opens a file without sharing; got reports whether nobody else has it.
func open(path string, attributes uint32) (handle syscall.Handle, got bool, err error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return 0, false, err
	}
	handle, err = syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, attributes, 0)
	if errors.Is(err, sharingViolation) {
		return 0, false, nil
	}
	return handle, err == nil, err
}
