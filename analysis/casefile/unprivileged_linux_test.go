package casefile

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// unprivileged makes the calling goroutine subject to permissions of files, which root is
// not: dir is given to nobody, and the thread takes that identity for files. It returns
// what takes it off again, nil where permissions cannot bind.
func unprivileged(dir string) (restore func()) {
	if os.Geteuid() != 0 {
		return func() {}
	}
	const nobody = 65534
	for _, path := range []string{dir, filepath.Dir(dir)} { // a test's own, which is closed to others
		if os.Chown(path, nobody, nobody) != nil {
			return nil
		}
	}
	runtime.LockOSThread()
	if syscall.Setfsuid(nobody) != nil {
		runtime.UnlockOSThread()
		return nil
	}
	return func() {
		syscall.Setfsuid(0)
		runtime.UnlockOSThread()
	}
}
