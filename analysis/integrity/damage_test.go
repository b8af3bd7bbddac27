package integrity_test

import (
	"errors"
	"strings"
	"testing"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/rule"
)

// Text that no checksum confirms weighs more than a file that is cut, and the
// entry in which garbage may have begun is named, if there is one.
func TestDoubtfulText(t *testing.T) {
	const line = "2024-07-10T06:30:00.000000Z\t    9 Query\tSELECT 'x"
	head := quiet(banner57).String()
	for _, test := range []struct {
		name    string
		garbage int
		points  bool
	}{{"garbage", 2 << 20, true}, {"none", 1000, false}} {
		in := load(t, head+line+strings.Repeat("\x01y", test.garbage/2)+"'\n"+line+"'\n")
		in.Files[0].Damage = []logfile.Damage{{Kind: logfile.Mismatch, From: 0, Text: in.Files[0].Text, Err: errors.New("checksum")}}
		var f *integrity.Finding
		report := examine(t, in)
		for k := range report.Findings {
			if report.Findings[k].Kind == integrity.Damaged {
				f = &report.Findings[k]
			}
		}
		huge := in.Entries.Len() - 2
		switch {
		case f == nil || f.Severity != rule.High:
			t.Fatalf("%s: finding %+v, want a severe one", test.name, f)
		case test.points && (f.First != huge || !strings.Contains(f.Summary, "the damage may begin there, or before")):
			t.Errorf("%s: %+v, want it to point to entry %d", test.name, f, huge)
		case !test.points && f.First != -1:
			t.Errorf("%s: %+v points to an entry", test.name, f)
		}
	}
}
