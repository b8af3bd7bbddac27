package theme

import (
	"testing"
	"time"

	"sqleuth/analysis/store"
)

func TestClock(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var c Clock
	winter, summer := store.At(time.Date(2025, 3, 30, 0, 59, 59, 0, time.UTC).UnixMicro()), store.At(time.Date(2025, 3, 30, 1, 0, 0, 0, time.UTC).UnixMicro())
	if got := c.Of(winter).Brief() + " " + c.Zone("UTC"); got != "2025-03-30 00:59:59 UTC" {
		t.Errorf("at first %s", got)
	}
	c.Set(berlin)
	for m, want := range map[store.Moment]string{
		winter:                                "2025-03-30 01:59:59",
		summer:                                "2025-03-30 03:00:00",
		store.Unknown:                         "unknown",
		{Micros: summer.Micros, Before: true}: "before 2025-03-30 03:00:00",
	} {
		if got := c.Of(m).Format(time.DateTime); got != want {
			t.Errorf("%v is %s, want %s", m, got, want)
		}
		if back := c.UTC(c.Local(m.Micros)); m.Dated() && back != m.Micros {
			t.Errorf("%v comes back as %d", m, back)
		}
	}
	for zone, want := range map[string]string{"America/Argentina/Buenos_Aires": "Buenos Aires", "UTC": "UTC", "Europe/Berlin": "Berlin"} {
		z, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if c.Set(z); c.Zone("log") != want {
			t.Errorf("%s is called %s", zone, c.Zone("log"))
		}
	}
	c.Set(nil)
	if c.Zone("log") != "log" {
		t.Error("the log's own zone is not named")
	}
}
