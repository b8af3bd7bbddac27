package tablelog

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// What a program writes is read as it was, row by row, from one piece or many.
func TestWriteThenParse(t *testing.T) {
	for _, d := range dialects {
		t.Run(d.name, func(t *testing.T) {
			for seed := range uint64(30) {
				rng := rand.New(rand.NewPCG(seed, 1))
				want := randomEntries(rng, 100)
				dump := []byte(d.write(want))
				l, verdict := Recognise(dump, true)
				if verdict != Table {
					t.Fatalf("seed %d: verdict %d", seed, verdict)
				}
				got := scanAll(dump, l)
				frame := len(d.header) + len(d.footer) + (len(want)-1)*len(d.between)
				if len(got.rejects) > 0 || got.bytes != int64(len(dump)) || got.header != frame {
					t.Fatalf("seed %d: layout %+v, rejects %q, %d of %d bytes, header %d of %d", seed, l, got.rejects, got.bytes, len(dump), got.header, frame)
				}
				if l.at[userColumn] < 0 {
					for i := range want {
						want[i].UserHost = ""
					}
				}
				at := int64(len(d.header))
				for i, e := range want {
					length := int64(len(d.row(e)) + len(d.between))
					if d.kept != nil {
						want[i] = d.kept(e)
						e = want[i]
					}
					if got.entries[i] != e || got.offsets[i] != at {
						t.Fatalf("seed %d: row %d at %d is\n%#v, want at %d\n%#v", seed, i+1, got.offsets[i], got.entries[i], at, e)
					}
					at += length
				}
				if len(got.entries) != len(want) {
					t.Fatalf("seed %d: %d rows, want %d", seed, len(got.entries), len(want))
				}
				var s Scanner
				for i, e := range want {
					if r, ok := s.Row(l, dump[got.offsets[i]:]); !ok || r.ID != e.ID || string(r.Argument) != e.Argument {
						t.Fatalf("seed %d: row %d is read in another way alone", seed, i+1)
					}
				}
				if cut := scanCut(dump, l, rng, 400); !reflect.DeepEqual(cut, got) {
					t.Fatalf("seed %d: read in pieces, %d rows, want %d; rejects %q", seed, len(cut.entries), len(got.entries), cut.rejects)
				}
			}
		})
	}
}
