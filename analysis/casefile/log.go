package casefile

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Log is the raw files that a case is about, in the order of the timeline. An archive is
// one file, whatever is in it.
type Log []LogFile

// LogFile is a raw file of a log.
type LogFile struct {
	Name   string `json:"name"` // without its folder
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // in hexadecimal digits; empty where it was not read to its end
	// Server wrote the file, where it was named.
	Server string `json:"server,omitempty"`
}

// Add puts a file behind the others, by the name it was read under. Server is what wrote
// it, empty where that was not named. Archive is what it
// is a member of, empty for none: of an archive only the first member counts.
func (l Log) Add(name, server, archive string, bytes int64, sha256 string) Log {
	f := LogFile{filepath.Base(cmp.Or(archive, name)), bytes, sha256, server}
	if archive != "" && slices.Contains(l, f) {
		return l
	}
	return append(l, f)
}

// Key returns the key of the log's case. The error is about a file that was not read to
// its end.
func (l Log) Key() (Key, error) {
	var digests []Digest
	for _, f := range l {
		var sum [32]byte
		if n, err := hex.Decode(sum[:], []byte(f.SHA256)); n != len(sum) || err != nil {
			return Key{}, fmt.Errorf("file %q was not read to its end", f.Name)
		}
		digests = append(digests, Digest{f.Server, sum})
	}
	return KeyOfServers(digests), nil
}

// String names the log by its files with their sizes.
func (l Log) String() string {
	const most = 3
	var parts []string
	for k, f := range l {
		if k == most {
			parts = append(parts, fmt.Sprintf("%d more", len(l)-most))
			break
		}
		parts = append(parts, fmt.Sprintf("%.60q of %d bytes", f.Name, f.Bytes))
	}
	return strings.Join(parts, ", ")
}
