package loaded

import (
	"crypto/sha256"
	"encoding/hex"

	"sqleuth/analysis/store"
)

// DigestPrefix is how much of the hash of a digest screens show.
const DigestPrefix = 12

// DigestHash returns the SHA-256 of a digest's text in hexadecimal digits; empty for
// what is no statement, and for digests beyond those that are distinguished.
//
// The digest is ours: a server's DIGEST of the same statement is another one.
func DigestHash(digest string) string {
	if digest == "-" || digest == store.Others {
		return ""
	}
	sum := sha256.Sum256([]byte(digest))
	return hex.EncodeToString(sum[:])
}
