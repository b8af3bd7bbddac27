package logfile

import (
	"bytes"
	"fmt"
)

// Container is the form in which a file holds its text.
type Container uint8

// The containers that are recognised by a file's first bytes. Plain is everything
// that is none of the others. Tar and Zip are those of a member of an archive,
// however it is compressed in that.
const (
	Plain Container = iota
	Gzip
	Zstd
	XZ
	Bzip2
	Tar
	Zip
)

var containerNames = [...]string{Plain: "plain", Gzip: "gzip", Zstd: "zstd", XZ: "xz", Bzip2: "bzip2", Tar: "tar", Zip: "zip"}

// String returns the container's usual name in lower case.
func (c Container) String() string {
	if int(c) < len(containerNames) {
		return containerNames[c]
	}
	return fmt.Sprintf("Container(%d)", uint8(c))
}

// sniffLen is how many first bytes containerOf wants to see.
const sniffLen = 10

// containerOf returns the container by a file's first bytes. No magic is
// shorter than three bytes, so that a cut of a compressed file which is shorter
// than that counts as plain text.
func containerOf(head []byte) Container {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b, 0x08}):
		return Gzip
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return Zstd
	case len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:4], []byte{0x2a, 0x4d, 0x18}):
		// A skippable frame, which pzstd and seekable zstd files begin with.
		return Zstd
	case bytes.HasPrefix(head, []byte{0xfd, '7', 'z', 'X', 'Z', 0}):
		return XZ
	case isBzip2(head):
		return Bzip2
	}
	return Plain
}

// isBzip2 wants the magic of the first block or of the stream's end as well,
// because a line of text may begin with "BZh1". A shorter file is taken at its word.
func isBzip2(head []byte) bool {
	if len(head) < 4 || !bytes.HasPrefix(head, []byte("BZh")) || head[3] < '1' || head[3] > '9' {
		return false
	}
	next := head[4:min(len(head), 10)]
	return bytes.HasPrefix([]byte{0x31, 0x41, 0x59, 0x26, 0x53, 0x59}, next) ||
		bytes.HasPrefix([]byte{0x17, 0x72, 0x45, 0x38, 0x50, 0x90}, next)
}
