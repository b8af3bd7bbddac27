package wrapper

import (
	"bytes"
	"slices"
	"testing"

	"sqleuth/analysis/wrapper/wrappertest"
)

// kindsOf returns the wrappers of all forms, each once.
func kindsOf(t testing.TB) map[string]*Stack {
	t.Helper()
	stacks := map[string]*Stack{}
	for _, form := range wrappertest.Forms() {
		s, _ := Recognise(form.Wrap([]byte(hostile)), true)
		stacks[form.Name] = s
	}
	return stacks
}

// check holds what is true of any input: every byte is accounted for, places ascend
// and lie inside of the input, and where blocks end does not matter.
func check(t *testing.T, s *Stack, raw []byte, cut uint8) {
	t.Helper()
	text, u := unwrap(s, raw, whole)
	if text.Map.Len() != len(text.Data) {
		t.Fatalf("%s: the map has %d bytes, the text %d", s.Name(), text.Map.Len(), len(text.Data))
	}
	if sum := text.Map.Raw() + u.WrapperBytes + rejected(u); sum != int64(len(raw)) || u.WrapperBytes < 0 {
		t.Fatalf("%s: %d bytes accounted for, wrapper %d, the input has %d", s.Name(), sum, u.WrapperBytes, len(raw))
	}
	before := int64(0)
	for i := range text.Data {
		at := text.Map.At(i)
		if at < before || at >= int64(len(raw)) {
			t.Fatalf("%s: byte %d of the text leads to %d, the one before to %d", s.Name(), i, at, before)
		}
		before = at
	}
	for k, r := range u.Rejects {
		if r.Offset < 0 || r.Offset+r.Bytes > int64(len(raw)) || k > 0 && r.Offset < u.Rejects[k-1].Offset {
			t.Fatalf("%s: rejects %v", s.Name(), u.Rejects)
		}
	}
	got, v := unwrap(s, raw, func() int { return 1 + int(cut) })
	if !bytes.Equal(got.Data, text.Data) {
		t.Fatalf("%s in blocks of %d: %s", s.Name(), 1+int(cut), difference(got.Data, text.Data))
	}
	if err := sameAccount(v, u); err != "" {
		t.Fatalf("%s in blocks of %d: %s", s.Name(), 1+int(cut), err)
	}
}

// fuzz tries any bytes with the wrappers of the named forms.
func fuzz(f *testing.F, names ...string) {
	stacks := kindsOf(f)
	for _, form := range wrappertest.Forms() {
		for _, name := range names {
			if form.Name == name {
				raw := form.Wrap([]byte(hostile))
				f.Add(raw, uint8(6))
				f.Add(slices.Concat(raw[:len(raw)*2/3], raw, []byte(hostile), raw), uint8(6)) // files that were joined
			}
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte, cut uint8) {
		for _, name := range names {
			check(t, stacks[name], raw, cut)
		}
		if s, ok := Recognise(raw, true); ok {
			check(t, s, raw, cut)
		}
	})
}

func FuzzPrefix(f *testing.F) {
	fuzz(f, "compose-foreign", "cri", "syslog-5424", "grep-context", "aws-tail", "kubectl-timestamps+compose-foreign", "logcli", "stern", "journald-verbose")
}

func FuzzDocument(f *testing.F) {
	fuzz(f, "docker-json", "journald-json-bytes", "cloudwatch-foreign", "filebeat", "docker-json+grep-file-line", "filebeat+docker-json", "loki", "fluentd")
}

func FuzzColumn(f *testing.F) { fuzz(f, "insights-csv", "filebeat+insights-csv") }

func FuzzJournal(f *testing.F) { fuzz(f, "journald-export") }

func FuzzEncoding(f *testing.F) {
	fuzz(f, "utf16-le", "utf16-be", "utf8-mark", "compose-colour+utf16-le", "syslog-escapes", "page")
}

// FuzzWrap wraps any text and takes the wrapper off again.
func FuzzWrap(f *testing.F) {
	f.Add(hostile, uint8(0))
	forms := wrappertest.Forms()
	f.Fuzz(func(t *testing.T, text string, which uint8) {
		form := forms[int(which)%len(forms)]
		log := bytes.ToValidUTF8([]byte("2024-07-10T05:25:05.058758Z\t    8 Query\tSELECT 1\n"+text+"\n"), []byte("?"))
		if bytes.ContainsAny(log, "\x00\r\ufeff") {
			return // holes, and what CSV and UTF-16 make of these
		}
		s, _ := Recognise(form.Wrap([]byte(hostile)), true)
		got, u := unwrap(s, form.Wrap(log), whole)
		if bytes.Contains(log, []byte("#01")) && form.Name == "syslog-escapes" {
			return // not known
		}
		if !bytes.Equal(got.Data, log) {
			t.Fatalf("%s: %s", form.Name, difference(got.Data, log))
		}
		readBack(t, u.Stack(), form.Wrap(log), got)
	})
}
