package rule

import (
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/fact"
)

func TestTemplate(t *testing.T) {
	text := Template("{count} logins of {user.name} {weird} {open").Render(func(word string) string { return "<" + word + ">" })
	if text != "<count> logins of <user.name> <weird> {open" {
		t.Error(text)
	}
	for word, want := range map[string]Field{"user": UserName, "tables": Field(fact.Tables), "run": Field(fact.UnionRun), "digest.known": DigestKnown, "count": MatchCount} {
		if f, ok := PlaceholderField(word); !ok || f != want {
			t.Errorf("{%s} is %s, want %s", word, f, want)
		}
	}
	if _, ok := PlaceholderField("first"); ok {
		t.Error("{first} is a field")
	}
}

func TestTimespan(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1s": time.Second, "90m": 90 * time.Minute, "3d": 72 * time.Hour, "24h": 24 * time.Hour,
		"": 0, "m": 0, "0s": 0, "-1s": 0, "1.5h": 0, "1h30m": 0, "1M": 0, "1 h": 0, "10": 0, "4000d": 0, "99999999999999999999s": 0,
	} {
		if got, err := parseTimespan(text); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestParameters(t *testing.T) {
	p := read(t, "x.yml", "title: t\nname: x\nsqleuth: {native: n, parameters: {share: 0.25, pause: 90m, users: [a, b]}}\n").Rules[0].Parameters
	if p.Number("share", 1) != 0.25 || p.Number("none", 1) != 1 || p.Duration("pause", 1) != 90*time.Minute || p.Duration("none", 1) != 1 {
		t.Errorf("%v", p)
	}
	if got := strings.Join(p.Words("users"), " "); got != "a b" || p.Words("none") != nil {
		t.Error(got)
	}
}

func TestTechniques(t *testing.T) {
	r := read(t, "x.yml", "title: t\nname: x\ntags: [attack.t1562, attack.T1070, attack.t1685.006, attack.t1190, attack.t9999, attack.impact, cve.2012-2122]\ndetection: {s: {statement.verb: a}, condition: s}\n").Rules[0]
	if got := strings.Join(r.TechniqueIDs(), " "); got != "T1685 T1685.006 T1190 T9999" {
		t.Error(got)
	}
	s := r.Successors()
	if strings.Join(s[0].Old, " ") != "T1562 T1070" || s[1].Old[0] != "T1070.002" || s[2].Name != "Exploit Public-Facing Application" || s[2].Old != nil {
		t.Errorf("%+v", s)
	}
	if strings.Join(r.Tactics, " ") != "impact" {
		t.Error(r.Tactics)
	}
}

func TestSeverity(t *testing.T) {
	for s := Context; s <= Critical; s++ {
		text, err := s.MarshalText()
		if got, ok := SeverityNamed(string(text)); err != nil || !ok || got != s {
			t.Errorf("%s reads as %s", s, got)
		}
	}
	if _, err := Severity(9).MarshalText(); err == nil {
		t.Error("a severity that does not exist was written")
	}
}
