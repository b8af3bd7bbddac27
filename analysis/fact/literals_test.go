package fact

import (
	"strings"
	"testing"
)

// TestCodeInLongTexts: of a page, beginning and end are searched for inputs, and all
// of it for scripts.
func TestCodeInLongTexts(t *testing.T) {
	page := strings.Repeat("the quick brown fox; ", maxInput/8)
	for text, want := range map[string]codeClass{
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

// TestAnchors: each text that is looked for is found, in either case.
func TestAnchors(t *testing.T) {
	for _, list := range [][256][]anchored{attackPaths, shellWords} {
		for _, texts := range list {
			for _, a := range texts {
				for _, text := range []string{"x " + a.text + "x", "x " + strings.ToUpper(a.text) + "x", "x" + a.text} {
					if codeIn([]byte(text)) == 0 {
						t.Errorf("%q is nothing", text)
					}
				}
			}
		}
	}
}

// TestWallets: an address is found wherever it stands.
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
