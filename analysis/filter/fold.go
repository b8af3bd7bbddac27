package filter

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendFold appends s in the form in which texts are compared: ASCII letters
// small, of other letters that differ only in case the same one, other
// characters as they are. An ASCII letter never takes the place of another one
// (U+212A, the Kelvin sign, folds to itself), so that a search for ASCII text
// can leave folding away. Bytes that are not UTF-8 become two bytes after the
// manner of UTF-8, with first bytes that no character has: so they equal
// themselves, and never a part of a character.
func appendFold[S string | []byte](dst []byte, s S) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			dst = append(dst, lower(c))
			i++
			continue
		}
		r, size := decodeRune(s[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, 0xFE|c>>6&1, 0x80|c&0x3F)
		} else {
			dst = utf8.AppendRune(dst, foldRune(r))
		}
		i += size
	}
	return dst
}

func decodeRune[S string | []byte](s S) (rune, int) {
	var head [utf8.UTFMax]byte
	return utf8.DecodeRune(head[:copy(head[:], s)])
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}

// foldRune returns the smallest rune beyond ASCII that differs from r, which is
// beyond ASCII, in case only.
func foldRune(r rune) rune {
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		if f >= utf8.RuneSelf {
			least = min(least, f)
		}
	}
	return least
}

// A substring finds a text in statements as appendFold compares them.
type substring struct {
	needle []byte // folded
	ascii  bool
	// The search looks for one byte of an ASCII needle, the one that should
	// be rarest in SQL, and compares the rest where it finds it.
	pivot        int
	small, large byte
}

// commonBytes are the bytes of SQL statements, the most frequent first, which
// is roughly how they come in the statements of web applications.
const commonBytes = " etaoisnrld_cpumw'`,fgb=h0.1ytvk23456789()\"xqjz"

func newSubstring(text string) *substring {
	s := &substring{needle: appendFold(nil, text), ascii: true}
	rarity := -1
	for i, c := range s.needle {
		if c >= utf8.RuneSelf {
			s.ascii = false
		}
		r := strings.IndexByte(commonBytes, c)
		if r < 0 {
			r = len(commonBytes)
		}
		if r > rarity {
			s.pivot, rarity = i, r
		}
	}
	if len(s.needle) > 0 {
		s.small, s.large = s.needle[s.pivot], upper(s.needle[s.pivot])
	}
	return s
}

// in reports whether text holds the substring. scratch is used and grown where
// text has to be folded.
func (s *substring) in(text []byte, scratch *[]byte) bool {
	if s.ascii {
		if found, known := s.search(text); known {
			return found
		}
	}
	*scratch = appendFold((*scratch)[:0], text)
	return bytes.Contains(*scratch, s.needle)
}

// patience is how many bytes may be compared in vain for each byte of the text
// before search gives up: only texts that repeat the needle's beginning over
// and over get there, and those must not cost more than folding them.
const patience = 4

// search looks for an ASCII needle without folding the text. known is false
// where it gave up.
func (s *substring) search(text []byte) (found, known bool) {
	after := len(s.needle) - 1 - s.pivot
	if len(text) < len(s.needle) {
		return false, true
	}
	window := text[:len(text)-after]
	effort := patience*len(text) + 64
	next := func(c byte, from int) int {
		if i := bytes.IndexByte(window[from:], c); i >= 0 {
			return from + i
		}
		return len(window)
	}
	small, large := next(s.small, s.pivot), len(window)
	if s.large != s.small {
		large = next(s.large, s.pivot)
	}
	for {
		at := min(small, large)
		if at == len(window) {
			return false, true
		}
		n := s.common(text[at-s.pivot:])
		if n == len(s.needle) {
			return true, true
		}
		if effort -= n; effort < 0 {
			return false, false
		}
		if at == small {
			small = next(s.small, at+1)
		} else {
			large = next(s.large, at+1)
		}
	}
}

// common returns how many bytes of the needle text begins with; text is at
// least as long as the needle.
func (s *substring) common(text []byte) int {
	for i, c := range s.needle {
		if lower(text[i]) != c {
			return i
		}
	}
	return len(s.needle)
}
