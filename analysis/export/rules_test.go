package export

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/pipeline/pipelinetest"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/rule"
)

// ruleFolder loads the built-in rules and a folder with one file.
func ruleFolder(t *testing.T, text string) *rule.Set {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "own.yml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	set, problems := rule.Load(rule.Sources{Dirs: []string{dir}}, rule.Options{Natives: detect.Natives()})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return set
}

// without switches off all rules of a list.
func without(t *testing.T, list []*rule.Rule) *rule.Set {
	t.Helper()
	var documents []string
	for _, r := range list {
		documents = append(documents, fmt.Sprintf("name: %s\nid: %s\nenabled: false\n", r.Name, r.ID))
	}
	return ruleFolder(t, strings.ReplaceAll(strings.Join(documents, "---\n"), "id: \n", ""))
}

// exported returns files of an export of the recorded incident's sample, analysed
// with a set of rules.
func exported(t *testing.T, r reading.Reading, rules *rule.Set, names ...string) map[string]string {
	t.Helper()
	const sample = "../../testdata/wordpress-bruteforce/sample"
	cfg := pipeline.DefaultConfig()
	cfg.Reading, cfg.Detect.Rules = r, rules
	cfg.Params.Trees, cfg.Params.Keep = 5, KeptTrees
	s, text := pipelinetest.Run(t, cfg, sample+"-labels.csv", sample+".log")
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Write(context.Background(), dir, s, text, Options{Version: "test"}, nil); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(text)
	}
	return out
}

// TestRulesChangeNoFigure: a rule that is added, changed or taken away changes the
// detections, and no template, event id or model.
func TestRulesChangeNoFigure(t *testing.T) {
	const added = `title: Options are read
name: X1
level: low
detection:
  s: {statement.tables|endswith: wp_options, statement.verb: select}
  keywords: [autoload]
  condition: s or keywords
sqleuth: {says: "read {tables}"}
`
	builtin := detect.Builtin()
	var found *rule.Rule // one that finds something in the sample
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		names := []string{"templates.csv", "structured.csv", "encoders.json", "iforest.json", "rforest.json", "mixed.json", "split.json", "detections.csv"}
		want := exported(t, r, builtin, names...)
		for _, x := range builtin.Rules {
			if x.Kind == rule.Statement && !x.Silent && strings.Contains(want["detections.csv"], ","+x.Name+",") {
				found = x
			}
		}
		if found == nil {
			t.Fatal("no rule finds anything in the sample")
		}
		changed := strings.Replace(added, "name: X1", "name: "+found.Name+"\nid: "+found.ID, 1)
		for name, rules := range map[string]*rule.Set{
			"added": ruleFolder(t, added), "changed": ruleFolder(t, changed),
			"taken away": without(t, []*rule.Rule{found}), "all taken away": without(t, builtin.Rules),
		} {
			got := exported(t, r, rules, names...)
			for _, file := range names {
				if same := got[file] == want[file]; same == (file == "detections.csv") {
					t.Errorf("%v, rule %s %s: %s is the same: %v", r, found.Name, name, file, same)
				}
			}
		}
	}
}
