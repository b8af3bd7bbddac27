package logfile

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// File attributes and flags of CreateFile that package syscall does not name.
const (
	attributeTemporary = 0x100
	flagDeleteOnClose  = 0x04000000
)

// createTemp creates a file that Windows deletes with the last handle, also after
// a crash. There is nothing to clean up at the next start.
func createTemp(dir string) (f *os.File, remove func() error, err error) {
	for try := 0; try < 10000; try++ {
		name := filepath.Join(dir, fmt.Sprintf("sqleuth-%d-%d", os.Getpid(), try))
		path, err := syscall.UTF16PtrFromString(name)
		if err != nil {
			return nil, nil, err
		}
		h, err := syscall.CreateFile(path,
			syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
			syscall.CREATE_NEW, attributeTemporary|flagDeleteOnClose, 0)
		switch err {
		case nil:
			return os.NewFile(uintptr(h), name), func() error { return nil }, nil
		case syscall.ERROR_FILE_EXISTS, syscall.ERROR_ALREADY_EXISTS:
			continue
		}
		return nil, nil, &os.PathError{Op: "create", Path: name, Err: err}
	}
	return nil, nil, fmt.Errorf("create temporary file in %q: no free name", dir)
}
