//go:build unix

package casefile

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes a renaming in the folder survive a power cut. Some network and
// user-space file systems cannot sync a folder; there is nothing more to do.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
