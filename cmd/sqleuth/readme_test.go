package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
)

// TestReadmeRules reads the rule files of the README and runs their tests.
func TestReadmeRules(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for k, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1) {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(k)+".yml"), block[1], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, problems := rule.Load(rule.Sources{Dirs: []string{dir}}, rule.Options{Natives: detect.Natives()})
	if problems != nil {
		t.Fatal(problems)
	}
	r := set.Named("S1")
	if r == nil || len(set.Filters) == 0 {
		t.Fatal("the README has no rule S1 or no filters")
	}
	if _, failures := rule.RunTests(set, []*rule.Rule{r}, pipeline.JudgeRule); failures != nil {
		t.Error(failures)
	}
}
