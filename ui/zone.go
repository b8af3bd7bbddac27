package ui

import (
	"errors"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
)

// zoning is the part that sets the zone in which the screens show times. Where the
// zone of the log's own is not known, they are shown as they are.
type zoning struct {
	clock  *theme.Clock
	wanted *time.Location // nil is UTC
	local  bool           // the log's zone is not known
}

// Update takes a zone that is asked for.
func (z *zoning) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Snapshot:
		if z.local != m.Unzoned {
			z.local = m.Unzoned
			z.apply()
		}
	case message.SetOption:
		if m.Name == "tz" {
			return z.set(m.Value), true
		}
	}
	return nil, false
}

func (z *zoning) set(name string) tea.Cmd {
	zone, err := pipeline.ParseZone(name)
	switch {
	case err != nil:
		return failed("show times in "+name, err)
	case z.local && zone != nil:
		return failed("show times in "+name, errors.New("the zone of the log's times is not known; start again with --tz and its zone"))
	}
	z.wanted = zone
	z.apply()
	return say("times are shown in " + z.clock.Zone("UTC") + "; filters and files have them in UTC")
}

func (z *zoning) apply() {
	if z.local || z.wanted == time.UTC {
		z.clock.Set(nil)
		return
	}
	z.clock.Set(z.wanted)
}
