package rule

import (
	"regexp"
	"strings"
	"testing"
)

// TestReadme holds the description of the form against the form: every field and
// word is named, and its examples read.
func TestReadme(t *testing.T) {
	text, err := builtin.ReadFile("builtin/README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(text)
	for _, name := range allFieldNames() {
		if !strings.Contains(readme, "`"+name+"`") {
			t.Errorf("no word about the field %s", name)
		}
	}
	for _, word := range append(detectionWords, "user", "host", "count", "maximum", "native", "outcome", "hour", "digest", "run", "database") {
		if !strings.Contains(readme, "`{"+word+"}`") {
			t.Errorf("no word about {%s}", word)
		}
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readme, -1)
	if len(blocks) != 3 {
		t.Fatalf("%d examples", len(blocks))
	}
	for _, b := range blocks {
		example := strings.ReplaceAll(b[1], "id: ...", "id: "+idA)
		d := Document{Name: "README.md", Text: []byte(example)}
		if _, problems := d.Parse(Options{Natives: map[string][]string{"name": {"least"}}}); problems != nil {
			t.Errorf("%v\n%s", problems, example)
		}
	}
}
