//go:build !unix

package casefile

// syncDir does nothing: these systems have no way to sync a folder.
func syncDir(string) error { return nil }
