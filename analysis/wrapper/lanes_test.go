package wrapper

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Parts of a line are joined with those of the same output, whatever the other writes
// between them.
func TestOutputsOfOneProgram(t *testing.T) {
	entry := func(i int) string {
		return fmt.Sprintf("2024-07-10T05:25:05.%06dZ\t    8 Query\tSELECT '%s'\n", i, strings.Repeat(itoa(i), 20))
	}
	for _, format := range []string{
		`{"log":%[1]s,"stream":%[2]q,"time":"2024-07-10T05:25:05.%09[3]dZ"}` + "\n",
		`{"stream":%[2]q,"log":%[1]s,"i":%[3]d}` + "\n",
		`{"log":%[1]s,"stream":%[2]q,"kubernetes":{"pod_name":"db-0"},"i":%[3]d}` + "\n",
	} {
		for seed := range uint64(60) {
			rng := rand.New(rand.NewPCG(seed, 9))
			var raw, want strings.Builder
			n := 0
			write := func(text, output string) {
				n++
				fmt.Fprintf(&raw, format, jsonString(text), output, n)
			}
			left := 0
			for i := range 200 {
				line := entry(i)
				want.WriteString(line)
				if rng.IntN(8) > 0 {
					write(line, "stdout")
					if line = "a message\n"; rng.IntN(3) == 0 {
						write(line, "stderr")
						want.WriteString(line)
					}
					continue
				}
				for len(line) > 0 {
					k := min(len(line), 1+rng.IntN(60))
					write(line[:k], "stdout")
					if line = line[k:]; len(line) > 0 && rng.IntN(2) == 0 {
						for _, part := range []string{"a message ", "in parts\n"}[rng.IntN(2):] {
							write(part, "stderr")
							left++
						}
					}
				}
			}
			s, _ := Recognise([]byte(raw.String()), true)
			text, by := unwrap(s, []byte(raw.String()), whole)
			if string(text.Data) != want.String() {
				t.Fatalf("seed %d (%s): %s", seed, s.Name(), difference(text.Data, []byte(want.String())))
			}
			if sum := text.Map.Raw() + by.WrapperBytes; sum != int64(raw.Len()) || by.ForeignLines != left {
				t.Fatalf("seed %d: %d bytes of %d, %d lines left out of %d", seed, sum, raw.Len(), by.ForeignLines, left)
			}
			for _, size := range []int{1, 13, 300} {
				got, u := unwrap(s, []byte(raw.String()), func() int { return size })
				if string(got.Data) != string(text.Data) || sameAccount(u, by) != "" {
					t.Fatalf("seed %d: blocks of %d matter: %s", seed, size, sameAccount(u, by))
				}
			}
			readBack(t, by.Stack(), []byte(raw.String()), text)
		}
	}
}

// A log that begins with a line of many parts is read like one that does not.
func TestLongLineAtTheHead(t *testing.T) {
	text := "2024-07-10T05:25:05.000000Z\t    8 Query\tSELECT '" + strings.Repeat("ab\"", 200_000) + "'\n"
	var raw strings.Builder
	for rest := text; len(rest) > 0; rest = rest[min(len(rest), partLen):] {
		fmt.Fprintf(&raw, `{"log":%s,"stream":"stdout"}`+"\n", jsonString(rest[:min(len(rest), partLen)]))
	}
	s, _ := Recognise([]byte(raw.String())[:HeadSize], false)
	if got, _ := unwrap(s, []byte(raw.String()), whole); string(got.Data) != text {
		t.Errorf("by %s: %s", s.Name(), difference(got.Data, []byte(text)))
	}
}

// A line of the other output that goes on does not keep entries out.
func TestOtherOutputHoldsNothingUp(t *testing.T) {
	const entry = "2024-07-10T05:25:05.000000Z\t    8 Query\tSELECT 1\n"
	var raw string
	for _, v := range [][2]string{{entry, "stdout"}, {"a long ", "stderr"}, {entry, "stdout"}, {"message, ", "stderr"}, {"its end\n", "stderr"}, {entry, "stdout"}, {"a note\n", "stderr"}} {
		raw += `{"log":` + jsonString(v[0]) + `,"stream":"` + v[1] + "\"}\n"
	}
	s, _ := Recognise([]byte(raw), true)
	text, u := unwrap(s, []byte(raw), whole)
	if want := entry + "a long \n" + entry + entry + "a note\n"; string(text.Data) != want || u.ForeignLines != 2 {
		t.Errorf("%d left out: %s", u.ForeignLines, difference(text.Data, []byte(want)))
	}
}
