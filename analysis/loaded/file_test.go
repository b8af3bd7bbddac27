package loaded

import (
	"errors"
	"io"
	"testing"

	"sqleuth/analysis/logfile"
)

// A file that was not read to its end because the user asked for that is not
// damaged.
func TestDamageAndLimit(t *testing.T) {
	cut := logfile.Damage{Kind: logfile.Truncated, Raw: 7, Text: 9, Err: io.ErrUnexpectedEOF}
	limit := logfile.Damage{Kind: logfile.Limit, Raw: 8, Text: 10, Err: errors.New("enough")}
	full := logfile.Damage{Kind: logfile.Unkept, Err: errors.New("disk full")}
	for _, c := range []struct {
		damage                   []logfile.Damage
		damaged, broken, limited string
	}{
		{nil, "", "", ""},
		{[]logfile.Damage{cut}, cut.String(), cut.String(), ""},
		{[]logfile.Damage{limit}, limit.String(), "", "stopped at the limit you gave at byte 8 (10 bytes of text before it): enough"},
		{[]logfile.Damage{cut, limit, full}, cut.String() + "; " + limit.String() + "; part of the text cannot be read back: disk full",
			cut.String() + "; part of the text cannot be read back: disk full", "stopped at the limit you gave at byte 8 (10 bytes of text before it): enough"},
	} {
		f := File{Damage: c.damage}
		if f.Damaged() != c.damaged || f.Broken() != c.broken || f.Limited() != c.limited {
			t.Errorf("%v:\n got %q, %q, %q\nwant %q, %q, %q", c.damage, f.Damaged(), f.Broken(), f.Limited(), c.damaged, c.broken, c.limited)
		}
	}
}

// Only damage whose text a checksum speaks against makes text doubtful.
func TestDoubtful(t *testing.T) {
	f := File{Damage: []logfile.Damage{{Kind: logfile.Truncated, Text: 5}, {Kind: logfile.Mismatch, From: 2, Text: 9}}}
	if got := f.Doubtful(); len(got) != 1 || got[0] != (Range{2, 9}) {
		t.Errorf("doubtful are %v, want 2 to 9", got)
	}
}
