package pipeline

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/rule"
)

// positive is a statement that a rule is true of, by the rule's own test.
type positive struct {
	rule *rule.Rule
	test rule.Test
}

// positives lists the statements of the rules' own tests that a log can hold as they
// are: without fields that only a longer log gives an entry, and on one line, since
// the notebook's reading glues lines.
func positives(set *rule.Set) (list []positive) {
	for _, r := range set.Rules {
		for _, t := range r.Tests() {
			if t.SQL != "" && !t.Negative() && len(t.With) == 0 && !strings.ContainsAny(t.SQL, "\n\t") {
				list = append(list, positive{r, t})
			}
		}
	}
	return list
}

// twin returns a harmless statement on an ordinary table with as many words as a
// statement. With some draws it has most of the statement's own words, so that Drain
// takes both for one template.
func twin(rng *rand.Rand, statement string) string {
	plain := strings.Fields("SELECT name FROM shop_items WHERE id = 1 AND a = 2 AND b = 3 ORDER BY name LIMIT 5")
	words := strings.Fields(statement)
	alike := rng.IntN(2) == 0
	for k := range words {
		switch {
		case k < len(plain) && (!alike || k%3 == 1):
			words[k] = plain[k]
		case !alike || k%3 == 1:
			words[k] = fmt.Sprintf("c%d,", k)
		}
	}
	return strings.Join(words, " ")
}

// TestTwins: a statement that a rule looks for is its evidence in both readings,
// however many twins came before it, and whatever template Drain makes of them.
func TestTwins(t *testing.T) {
	all := positives(detect.Builtin())
	if len(all) == 0 {
		t.Fatal("no built-in rule has a test with a statement")
	}
	rng := rand.New(rand.NewPCG(11, 24))
	// Each rule once at least, then by chance.
	draws := slices.Clone(all)
	rng.Shuffle(len(draws), func(a, b int) { draws[a], draws[b] = draws[b], draws[a] })
	for range 100 {
		draws = append(draws, all[rng.IntN(len(all))])
	}
	var log strings.Builder
	at := make([]int, len(draws)) // entries
	n := 0
	line := func(id int, command, text string) {
		log.WriteString(plainLine(n, id, command, text))
		n++
	}
	for k, d := range draws {
		user, host := d.test.User, d.test.Host
		if user == "" {
			user = "app"
		}
		if host == "" {
			host = fmt.Sprintf("10.1.%d.%d", k/250, k%250+1)
		}
		line(k+1, "Connect", strings.TrimSpace(fmt.Sprintf("%s@%s on %s using TCP/IP", user, host, d.test.Database)))
		for range []int{1, 3, 30}[rng.IntN(3)] {
			line(k+1, "Query", twin(rng, d.test.SQL))
		}
		at[k] = n
		line(k+1, "Query", d.test.SQL)
		line(k+1, "Query", twin(rng, d.test.SQL))
	}
	line(len(draws)+1, "Quit", "") // the notebook's reading never ends its last entry
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		cfg := DefaultConfig()
		cfg.Reading, cfg.Params.Trees = r, 2
		s, err := Run(context.Background(), cfg, openText(t, log.String()), nil, quiet)
		if err != nil {
			t.Fatal(err)
		}
		evidence := map[*rule.Rule]map[uint32]bool{}
		for _, d := range s.Detections {
			if evidence[d.Rule] == nil {
				evidence[d.Rule] = map[uint32]bool{}
			}
			for _, i := range d.Entries {
				evidence[d.Rule][i] = true
			}
		}
		if s.Reading == reading.Correct {
			merged := 0
			for _, i := range at {
				if s.TemplateOf[s.Key(i).Cluster] == s.TemplateOf[s.Key(i-1).Cluster] {
					merged++
				}
			}
			if merged < len(at)/10 {
				t.Errorf("of %d statements only %d have the template of the twin before: the test proves nothing", len(at), merged)
			}
		}
		missed := map[string]bool{}
		for k, d := range draws {
			if text := fmt.Sprintf("%s: %s", d.rule.Name, d.test.SQL); !d.rule.Silent && !evidence[d.rule][uint32(at[k])] && !missed[text] {
				missed[text] = true
				t.Errorf("%v: entry %d, %s", r, at[k]+1, text)
			}
		}
	}
}
