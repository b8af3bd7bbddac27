package label

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The classes that every log starts with. Their positions are their digit keys.
const (
	Normal       = "normal"
	LoginAttack  = "login_attack"
	GetUserTable = "get_user_table"
	Attack       = "attack" // any other
)

const (
	// MaxClass is the longest class name, in bytes.
	MaxClass = 64
	// MaxClasses is how many classes a labels file or a Book may define. It
	// keeps a file whose class column is something else (a time, a user) from
	// becoming a confusion matrix of a million rows.
	MaxClasses = 256
)

// StandardClasses returns Normal, LoginAttack, GetUserTable, Attack, in the order of
// their digit keys.
func StandardClasses() []string { return []string{Normal, LoginAttack, GetUserTable, Attack} }

// CheckClass returns why name cannot be a class name, or nil. A name has 1 to
// MaxClass bytes of printable UTF-8 without comma and quotation mark, does not
// end in a space, and begins with a letter or a digit: so a terminal, a CSV cell
// and a filter term take it unchanged.
func CheckClass(name string) error {
	switch first, _ := utf8.DecodeRuneInString(name); {
	case name == "":
		return errors.New("class name is empty")
	case len(name) > MaxClass:
		return fmt.Errorf("class name %s is longer than %d bytes", quote(name), MaxClass)
	case !utf8.ValidString(name):
		return fmt.Errorf("class name %s is not UTF-8", quote(name))
	case !unicode.IsLetter(first) && !unicode.IsDigit(first):
		return fmt.Errorf("class name %s does not begin with a letter or a digit", quote(name))
	case strings.HasSuffix(name, " "):
		return fmt.Errorf("class name %s ends in a space", quote(name))
	}
	for _, r := range name {
		if r == ',' || r == '"' || !unicode.IsPrint(r) {
			return fmt.Errorf("class name %s holds %q, which a class name cannot", quote(name), r)
		}
	}
	return nil
}

// indexClass finds name in classes without regard to case, or returns -1: "Normal"
// in a file means normal, and must not become a second class that every model would
// take for an anomaly.
func indexClass(classes []string, name string) int {
	return slices.IndexFunc(classes, func(c string) bool { return strings.EqualFold(c, name) })
}

// admitClass returns the spelling under which name is in classes, appending
// it where it is new and valid.
func admitClass(classes []string, name string) (extended []string, spelling string, err error) {
	if i := indexClass(classes, name); i >= 0 {
		return classes, classes[i], nil
	}
	if err := CheckClass(name); err != nil {
		return classes, "", err
	}
	if len(classes) >= MaxClasses {
		return classes, "", fmt.Errorf("class %s would be more than %d classes", quote(name), MaxClasses)
	}
	return append(slices.Clip(classes), name), name, nil
}
