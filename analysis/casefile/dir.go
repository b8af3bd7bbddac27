package casefile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// DefaultDir returns the folder of the case files: sqleuth/cases under
// $XDG_DATA_HOME, or where that is not set to an absolute path, under
// ~/.local/share, on macOS ~/Library/Application Support, on Windows
// %LocalAppData%. It does not create it.
func DefaultDir() (string, error) {
	return dirFor(runtime.GOOS, os.Getenv, os.UserHomeDir)
}

func dirFor(goos string, getenv func(string) string, home func() (string, error)) (string, error) {
	var data string
	if xdg := getenv("XDG_DATA_HOME"); filepath.IsAbs(xdg) {
		data = xdg // the XDG base directory specification demands that a relative one is ignored
	} else if goos == "windows" {
		if data = getenv("LocalAppData"); data == "" {
			return "", errors.New("find the folder for case files: set %LocalAppData% or %XDG_DATA_HOME%")
		}
	} else {
		h, err := home()
		if err != nil {
			return "", fmt.Errorf("find the folder for case files: %w; set $XDG_DATA_HOME", err)
		}
		if goos == "darwin" {
			data = filepath.Join(h, "Library", "Application Support")
		} else {
			data = filepath.Join(h, ".local", "share")
		}
	}
	return filepath.Join(data, "sqleuth", "cases"), nil
}
