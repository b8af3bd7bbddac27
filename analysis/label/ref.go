package label

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Ref names a connection: the thread id that the server gave it, and the server
// run (epoch) that gave it, because ids begin again after a restart.
//
// Epochs count from 1. Epoch 0 is a bare id, as a labels file may write it, and
// names every connection of that id; only ParseRef and Row use it.
type Ref struct {
	Epoch uint32
	ID    uint64
}

// String returns "2523", or "2523@2" where several is true because the log holds
// more than one connection of that id. A bare id has no epoch to show.
func (r Ref) String(several bool) string {
	id := strconv.FormatUint(r.ID, 10)
	if !several || r.Epoch == 0 {
		return id
	}
	return id + "@" + strconv.FormatUint(uint64(r.Epoch), 10)
}

// Compare orders connections by epoch, then id: the order in which they began.
func (r Ref) Compare(o Ref) int {
	if c := cmp.Compare(r.Epoch, o.Epoch); c != 0 {
		return c
	}
	return cmp.Compare(r.ID, o.ID)
}

// ParseRef reads "2523" (a bare id: Epoch 0) or "2523@2". It accepts exactly
// what String gives: decimal digits without sign, spaces or exponent.
func ParseRef(s string) (Ref, error) {
	idText, epochText, qualified := strings.Cut(s, "@")
	id, err := strconv.ParseUint(idText, 10, 64)
	if err != nil {
		return Ref{}, fmt.Errorf("parse connection id %s: want a number such as 2523, or 2523@2 for the second server run", quote(s))
	}
	if !qualified {
		return Ref{ID: id}, nil
	}
	epoch, err := strconv.ParseUint(epochText, 10, 32)
	if err != nil || epoch == 0 {
		return Ref{}, fmt.Errorf("parse connection id %s: after the @ comes the server run, a number from 1", quote(s))
	}
	return Ref{Epoch: uint32(epoch), ID: id}, nil
}

// quote shows text of a file inside an error message: escaped, because it may
// hold anything, and cut, because a message is one line.
func quote(s string) string {
	const most = 60
	if len(s) > most {
		return strconv.QuoteToASCII(strings.ToValidUTF8(s[:most], "")) + "..."
	}
	return strconv.QuoteToASCII(s)
}
