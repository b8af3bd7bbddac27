package wrapper

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/wrapper/wrappertest"
)

// Two programs may have added to a file in two encodings: PowerShell's >> writes UTF-16,
// with a mark or without, and others add bytes behind that.
func TestEncodingsInTurns(t *testing.T) {
	log := strings.SplitAfter(string(incident(t, 20<<10)), "\n")
	var parts []string // each begins with an entry
	for _, line := range log {
		if len(parts) == 0 || isHead([]byte(line)) && len(parts[len(parts)-1]) > 1000 {
			parts = append(parts, "")
		}
		if line != "" {
			parts[len(parts)-1] += line
		}
	}
	for _, big := range []bool{false, true} {
		for _, marked := range []bool{false, true} {
			raw, wide := []byte(nil), wrappertest.UTF16(big, true)
			for k, part := range parts {
				switch {
				case k == 0:
					raw = wide([]byte(part))
				case k%2 == 1:
					raw = append(raw, part...)
				default:
					raw = append(raw, wrappertest.UTF16(big, marked)([]byte(part))...)
				}
			}
			s, _ := Recognise(raw, true)
			text, u := unwrap(s, raw, whole)
			if want := strings.Join(log, ""); string(text.Data) != want {
				t.Fatalf("%s: %s", s.Name(), difference(text.Data, []byte(want)))
			}
			if sum := text.Map.Raw() + u.WrapperBytes + rejected(u); sum != int64(len(raw)) || len(u.Rejects) > 0 {
				t.Errorf("%s: %d bytes accounted for of %d, rejects %v", s.Name(), sum, len(raw), u.Rejects)
			}
			readBack(t, u.Stack(), raw, text)
			rng := rand.New(rand.NewPCG(1, 2))
			for range 20 {
				cut, by := unwrap(s, raw, func() int { return 1 + rng.IntN(20) })
				if !bytes.Equal(cut.Data, text.Data) || sameAccount(by, u) != "" {
					t.Fatalf("%s: blocks matter: %s", s.Name(), difference(cut.Data, text.Data))
				}
			}
		}
	}
}

// A byte that was lost, as where a file was cut and another one is behind it, costs the
// text up to the next line end.
func TestOddBytesOfUTF16(t *testing.T) {
	log := incident(t, 6<<10)
	lines := strings.SplitAfter(string(log), "\n")
	rest := strings.Join(lines[3:], "")
	for _, big := range []bool{false, true} {
		raw := wrappertest.UTF16(big, true)(log)
		for _, cut := range []int{2 * len(lines[0]), 2*len(lines[0]) + 41, len(raw)/2 | 1} {
			joined := slices.Concat(raw[:cut|1], raw)
			s, _ := Recognise(joined, true)
			text, u := unwrap(s, joined, whole)
			if !strings.HasSuffix(string(text.Data), rest) {
				t.Errorf("%s, cut at %d: %q", s.Name(), cut|1, text.Data[len(text.Data)-len(rest):][:200])
			}
			if sum := text.Map.Raw() + u.WrapperBytes + rejected(u); sum != int64(len(joined)) || len(u.Rejects) != 1 {
				t.Errorf("%s: %d bytes accounted for of %d, rejects %v", s.Name(), sum, len(joined), u.Rejects)
			}
			one, by := unwrap(s, joined, func() int { return 1 })
			if !bytes.Equal(one.Data, text.Data) || sameAccount(by, u) != "" {
				t.Errorf("%s: blocks matter: %s", s.Name(), sameAccount(by, u))
			}
		}
	}
}
