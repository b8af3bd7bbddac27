package screen

import (
	"errors"
	"regexp"
	"testing"

	"sqleuth/ui/message"
)

func TestSearch(t *testing.T) {
	rows := []string{"alpha", "beta", "gamma", "beta"}
	look := func(j Job, text string, cursor int) (Job, Found[[]string]) {
		t.Helper()
		j, cmd := Search(j, message.Search{Text: text}, cursor, len(rows), rows, func(re *regexp.Regexp) func(int) bool {
			return func(k int) bool { return re.MatchString(rows[k]) }
		})
		if cmd == nil {
			t.Fatalf("%q is not looked for", text)
		}
		f, ok := cmd().(Working).Do().(Found[[]string])
		if !ok {
			t.Fatalf("the answer to %q is another message", text)
		}
		return j, f
	}
	first, old := look(Job{}, "BETA", 1)
	second, f := look(first, "/^be/", 3)
	if old.Hit.Row != 3 || f.Hit.Row != 1 || f.In[f.Hit.Row] != "beta" {
		t.Errorf("hits %+v and %+v", old.Hit, f.Hit)
	}
	if _, ok := old.Of(second); ok {
		t.Error("a late answer is taken")
	}
	done, ok := f.Of(second)
	if !ok || done.Running() {
		t.Errorf("answer taken %v, still running %v", ok, done.Running())
	}
	f.Err = errors.New("cancelled")
	if _, ok := f.Of(second); ok {
		t.Error("the answer of a cancelled search is taken")
	}
	if f.Say(true, "none") == nil || old.Say(true, "none") != nil {
		t.Error("only a search that went on at the other end is told")
	}
	_, none := look(done, "delta", 0)
	if m, ok := none.Say(false, "none has it")().(message.Failed); !ok || m.What != "find delta" || m.Err.Error() != "none has it" {
		t.Errorf("without a hit: %+v", m)
	}
	if _, cmd := Search(done, message.Search{Text: "/(/"}, 0, 1, rows, nil); cmd == nil {
		t.Error("a wrong expression is not told")
	} else if m, ok := cmd().(message.Failed); !ok {
		t.Errorf("a wrong expression gives %T", m)
	}
	if j, cmd := Search(second, message.Search{}, 0, 1, rows, nil); cmd != nil || j.Running() {
		t.Error("no text ends no search")
	}
}
