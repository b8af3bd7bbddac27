package casefile

import (
	"crypto/sha256"
	"testing"
)

// The key of one server's files is that without its name; that of several depends on
// which file is whose, and on their order, and not on names.
func TestKeyOfServers(t *testing.T) {
	a, b, c := sha256.Sum256([]byte("a")), sha256.Sum256([]byte("b")), sha256.Sum256([]byte("c"))
	if KeyOfServers([]Digest{{"", a}, {"", b}}) != KeyOf(a, b) || KeyOfServers([]Digest{{"db1", a}, {"db1", b}}) != KeyOf(a, b) {
		t.Error("the name of the only server counts")
	}
	if KeyOfServers([]Digest{{"x", a}, {"y", b}}) != KeyOfServers([]Digest{{"db1", a}, {"db2", b}}) {
		t.Error("names of servers count")
	}
	seen := map[Key]bool{KeyOf(a, b, c): true}
	for _, files := range [][]Digest{
		{{"x", a}, {"y", b}, {"y", c}}, {{"x", a}, {"x", b}, {"y", c}}, {{"x", a}, {"y", b}, {"z", c}}, {{"y", b}, {"y", c}, {"x", a}},
	} {
		k := KeyOfServers(files)
		if seen[k] {
			t.Errorf("%v has the key of others", files)
		}
		seen[k] = true
	}
}
