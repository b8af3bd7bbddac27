package sqltext

import "strings"

// Qualify returns a table's name, written as Table.AppendName does, with the schema
// that holds for it: that of the statement or else database, the current one. It
// returns name as it is where that is no table ("-") or there is no current
// database ("-" or empty).
func Qualify(name, database string) string {
	if database == "" || database == "-" || !Unqualified(name) {
		return name
	}
	return Ident(database) + "." + name
}

// Ident returns an identifier as Table.AppendName writes it: in back-quotes only
// where it could else be taken for several.
func Ident(name string) string {
	if !strings.ContainsAny(name, ".`") {
		return name
	}
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

// Unqualified reports whether name, written as Table.AppendName does, is that of a
// table without a schema; "-" is that of none.
func Unqualified(name string) bool {
	if name == "" || name == "-" {
		return false
	}
	if name[0] != '`' {
		return strings.IndexByte(name, '.') < 0
	}
	for k := 1; k < len(name); k++ {
		switch {
		case name[k] != '`':
		case k+1 < len(name) && name[k+1] == '`':
			k++
		default:
			return k+1 == len(name)
		}
	}
	return true
}
