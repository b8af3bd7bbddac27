package wrapper

import (
	"testing"

	"sqleuth/analysis/wrapper/wrappertest"
)

func BenchmarkUnwrap(b *testing.B) {
	log := incident(b, 4<<20)
	for _, form := range wrappertest.Forms() {
		b.Run(form.Name, func(b *testing.B) {
			raw := form.Wrap(log)
			s, _ := Recognise(raw, true)
			b.SetBytes(int64(len(log)))
			b.ReportAllocs()
			var text Text
			for b.Loop() {
				u := s.Open()
				for at := 0; at < len(raw); at += 1 << 20 {
					text.Reset()
					u.Add(raw[at:min(at+1<<20, len(raw))], int64(at), at+1<<20 >= len(raw), &text)
				}
			}
		})
	}
}
