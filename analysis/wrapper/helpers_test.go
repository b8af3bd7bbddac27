package wrapper

import (
	"fmt"
	"slices"
	"strconv"
)

func itoa(i int) string { return strconv.Itoa(i) }

func quote(s string) string { return strconv.Quote(s) }

func rejected(u *Unwrapper) (n int64) {
	for _, r := range u.Rejects {
		n += r.Bytes
	}
	return n
}

// sameAccount compares what two ways through a file account for.
func sameAccount(got, want *Unwrapper) string {
	if got.WrapperBytes != want.WrapperBytes || got.ForeignBytes != want.ForeignBytes || got.ForeignLines != want.ForeignLines || !slices.Equal(got.Rejects, want.Rejects) {
		return fmt.Sprintf("account %+v, want %+v", got.Account, want.Account)
	}
	return ""
}
