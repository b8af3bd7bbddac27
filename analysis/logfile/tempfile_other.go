//go:build !windows

package logfile

import "os"

// createTemp creates a file that no other process can see: its name is removed
// at once, and with the last descriptor the disk space is free again, also after
// a crash or kill -9. There is nothing to clean up at the next start. Where a file
// in use cannot be removed, remove does it.
func createTemp(dir string) (f *os.File, remove func() error, err error) {
	f, err = os.CreateTemp(dir, "sqleuth-*")
	if err != nil {
		return nil, nil, err
	}
	name := f.Name()
	if os.Remove(name) == nil {
		return f, func() error { return nil }, nil
	}
	return f, func() error { return os.Remove(name) }, nil
}
