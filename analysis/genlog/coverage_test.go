package genlog

import (
	"slices"
	"strings"
	"testing"
)

// Headers are counted by form and banners listed by place, in one chunk or in
// several.
func TestFormsAndBanners(t *testing.T) {
	const banner = "mysqld, Version: 5.7.44 (MySQL). started with:\r\nTcp port: 3306  Unix socket: x\r\nTime                 Id Command    Argument\r\n"
	parts := []string{
		banner + "2024-07-10T05:25:05.058758Z\t    1 Quit\t\n2024-07-10T07:25:05.058758+02:00\t    2 Quit\t\n",
		"2024-07-10T05:25:05.058758Z12345 Quit\t\n" + banner + "240710  5:25:06\t    4 Quit\t\n\t\t    4 Quit\t\n",
	}
	log := strings.Join(parts, "")
	version, _, _ := strings.Cut(banner, "\r")
	want := Coverage{Forms: Forms{UTC: 2, Offset: 1, Short: 1, Same: 1},
		Opened: []Banner{{0, version}, {int64(strings.LastIndex(log, banner)), version}}}
	_, _, whole := scan(Chunk{Data: []byte(log), First: true, Last: true})
	var pieces Coverage
	for k, part := range parts {
		_, _, cov := scan(Chunk{Data: []byte(part), Offset: int64(k * len(parts[0])), First: k == 0, Last: k == 1})
		pieces.Add(&cov)
	}
	for _, got := range []Coverage{whole, pieces, whole.Clone()} {
		if got.Forms != want.Forms || !slices.Equal(got.Opened, want.Opened) || got.Banners != len(want.Opened) || got.Bytes() != int64(len(log)) {
			t.Errorf("got %+v, want %+v of %d bytes", got, want, len(log))
		}
	}
}

// A log may hold nothing but banners, with first lines of any length.
func TestBannersAreBounded(t *testing.T) {
	banner := strings.Repeat("x", 10_000) + ", Version: 1. started with:\nTcp port: 1  Unix socket: x\nTime                 Id Command    Argument\n"
	_, banners, cov := scan(Chunk{Data: []byte(strings.Repeat(banner, 1200)), First: true, Last: true})
	if banners != 1200 || cov.Banners != 1200 || len(cov.Opened) != maxBanners || len(cov.Opened[0].Version) > maxVersion {
		t.Errorf("%d banners, %d counted, %d kept of %d bytes", banners, cov.Banners, len(cov.Opened), len(cov.Opened[0].Version))
	}
	both := cov.Clone()
	both.Add(&cov)
	if len(both.Opened) != maxBanners || both.Banners != 2400 {
		t.Errorf("%d banners, %d kept", both.Banners, len(both.Opened))
	}
	if both.Reset(); len(both.Opened) != 0 {
		t.Error("Reset keeps banners")
	}
}
