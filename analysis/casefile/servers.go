package casefile

import "crypto/sha256"

// Digest is the SHA-256 of a raw file, with the name of the server that wrote it.
type Digest struct {
	Server string
	SHA256 [sha256.Size]byte
}

// KeyOfServers returns the key of logs in the order of the timeline, in which the files
// of a server follow each other. Of one server it is KeyOf its files, whatever its name.
// That of several is the SHA-256 of their keys in that order behind the word "servers":
// server runs are numbered along it, so that other servers are another case, but other
// names are not.
func KeyOfServers(files []Digest) Key {
	var keys [][sha256.Size]byte
	var own [][sha256.Size]byte
	for i, f := range files {
		own = append(own, f.SHA256)
		if i+1 == len(files) || files[i+1].Server != f.Server {
			keys = append(keys, KeyOf(own...))
			own = nil
		}
	}
	if len(keys) == 1 {
		return keys[0]
	}
	h := sha256.New()
	h.Write([]byte("servers"))
	for _, k := range keys {
		h.Write(k[:])
	}
	return Key(h.Sum(nil))
}
