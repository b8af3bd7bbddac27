package stages

import (
	"testing"
	"time"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/store"
	"sqleuth/ui/theme"
)

// TestStageList holds that times of several days are not taken for those of one.
func TestStageList(t *testing.T) {
	at := func(day, hour int) store.Moment {
		return store.Moment{Micros: time.Date(2025, 6, day, hour, 5, 9, 0, time.UTC).UnixMicro()}
	}
	stage := func(name incident.StageName, first store.Moment) incident.Stage {
		return incident.Stage{Name: name, First: first, Entries: []uint32{1, 2}}
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	var utc, local theme.Clock
	local.Set(berlin)
	oneDay := []incident.Stage{stage(incident.Guessing, at(16, 6)), stage(incident.Access, at(16, 22))}
	days := append(oneDay, stage(incident.Collection, at(19, 23)), stage(incident.Destruction, at(19, 23)))
	for _, c := range []struct {
		clock  *theme.Clock
		stages []incident.Stage
		want   string
	}{
		{&utc, oneDay, "06:05:09 guessing 2, 22:05:09 access 2"},
		{&utc, days, "06-16 06:05 guessing 2, 22:05 access 2, 06-19 23:05 collection 2, 23:05 destruction 2"},
		{&local, oneDay, "06-16 08:05 guessing 2, 06-17 00:05 access 2"},
	} {
		if got := stageList(c.clock, &incident.Incident{Stages: c.stages}); got != c.want {
			t.Errorf("stages are %q, want %q", got, c.want)
		}
	}
}
