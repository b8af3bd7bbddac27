package logfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxServerName is how many characters the name of a server may have.
const MaxServerName = 64

// CheckServer reports what is wrong with the name of a server.
func CheckServer(name string) error {
	switch {
	case name == "":
		return errors.New("give the server a name, such as db1")
	case !utf8.ValidString(name), strings.TrimSpace(name) != name, strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("a name is of characters that can be seen, with no blank around it")
	case strings.Contains(name, "="):
		return errors.New("a name has no equals sign, which is between name and file")
	case utf8.RuneCountInString(name) > MaxServerName:
		return fmt.Errorf("a name has at most %d characters", MaxServerName)
	}
	return nil
}

// serverOrder puts files that have an order together by their servers, each server
// where its first file is given.
func serverOrder(servers []string, order []int) []int {
	rank := make(map[string]int)
	for i, name := range servers {
		if _, ok := rank[name]; !ok {
			rank[name] = i
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank[servers[a]], rank[servers[b]]) })
	return order
}
