package sqltext

import (
	"encoding/binary"
	"strings"
)

// word is a keyword that the parser or the formatter acts on.
type word uint8

const (
	notKeyword word = iota
	wordAll
	wordAnalyze
	wordAnd
	wordAs
	wordBetween
	wordCache
	wordColumns
	wordCreate
	wordCross
	wordDistinct
	wordDual
	wordDuplicate
	wordExists
	wordExtended
	wordFor
	wordFormat
	wordFrom
	wordFunction
	wordGroup
	wordHaving
	wordIf
	wordIgnore
	wordIn
	wordIndex
	wordInner
	wordInto
	wordJoin
	wordLateral
	wordLeft
	wordLike
	wordLimit
	wordLiteral     // NULL, TRUE, FALSE, DEFAULT
	wordLiteralType // DATE and the like in front of a string
	wordLock
	wordNatural
	wordNot
	wordOn
	wordOption
	wordOr
	wordOrder
	wordOuter
	wordProcedure
	wordProxy
	wordRecursive
	wordReferences
	wordRename
	wordReturning
	wordRight
	wordRow
	wordSelect
	wordSet
	wordSetOperator // UNION, EXCEPT, INTERSECT
	wordStatement
	wordStraightJoin
	wordSystemTime
	wordTable
	wordTo
	wordTrigger
	wordUsing
	wordValue
	wordValues
	wordView
	wordWhere
	wordWindow
	wordWith
	wordObject     // kinds of object that hold no rows: DATABASE, USER, ...
	wordStoredCode // EVENT, PACKAGE: their text may hold semicolons
)

// keyword is what is known about one word.
type keyword struct {
	lo, hi   uint64 // the word in lower case as fold gives it
	word     word
	verb     Action
	reserved bool // can never be a name without quotes
}

// keywordBits is the size of the hash table, in bits of its index: it is about half
// full.
const keywordBits = 9

// keywordList holds the words that matter beside the verbs, in lower case and
// at most 16 bytes long: to the parser, or because a digest folds them. Reserved are
// those that MySQL and MariaDB both reserve.
var keywordList = []struct {
	word     word
	reserved bool
	names    string // separated by blanks
}{
	{notKeyword, true, "add alter analyze asc binary both by call case change character check collate column constraint " +
		"convert create delete desc describe div drop else enclosed escaped explain force " +
		"foreign fulltext grant infile insert interval is key kill leading lines load lock match mod " +
		"optimize outfile partition primary purge read regexp release rename replace revoke rlike " +
		"select separator show spatial starting terminated then trailing unique unsigned update use " +
		"when write zerofill"},
	{notKeyword, false, "after algorithm auto_increment autocommit bigint blob chain char charset collation committed " +
		"connection consistent definer dumpfile end engine engines errors events full global grants hosts identified int " +
		"integer isolation level local logs longblob longtext mediumint mediumtext modify names offset only persist plugins " +
		"privileges processlist rows repeatable replicas replica serializable session slave smallint snapshot soname " +
		"sql_big_result sql_cache sql_no_cache sql_small_result temporary tinyint transaction triggers uncommitted varchar " +
		"variables warnings work"},
	{wordAll, true, "all"},
	{wordDistinct, true, "distinct distinctrow"},
	{wordAnalyze, true, "analyze"},
	{wordAnd, true, "and"},
	{wordAs, true, "as"},
	{wordBetween, true, "between"},
	{wordCache, false, "cache"},
	{wordColumns, false, "columns fields indexes"},
	{wordColumns, true, "keys"},
	{wordCreate, true, "create"},
	{wordCross, true, "cross"},
	{wordDual, true, "dual"},
	{wordDuplicate, false, "duplicate"},
	{wordExists, true, "exists"},
	{wordExtended, false, "extended partitions"},
	{wordFor, true, "for"},
	{wordFormat, false, "format"},
	{wordFrom, true, "from"},
	{wordFunction, false, "function"},
	{wordGroup, true, "group"},
	{wordHaving, true, "having"},
	{wordIf, true, "if"},
	{wordIgnore, true, "ignore"},
	{wordIn, true, "in"},
	{wordIndex, true, "index"},
	{wordInner, true, "inner"},
	{wordInto, true, "into"},
	{wordJoin, true, "join"},
	{wordLateral, false, "lateral"},
	{wordLeft, true, "left"},
	{wordLike, true, "like"},
	{wordLimit, true, "limit"},
	{wordLiteral, true, "default false null true"},
	{wordLiteralType, false, "date time timestamp"},
	{wordLock, true, "lock"},
	{wordNatural, true, "natural"},
	{wordNot, true, "not"},
	{wordOn, true, "on"},
	{wordOption, true, "low_priority high_priority delayed"},
	{wordOption, false, "quick"},
	{wordOr, true, "or xor"},
	{wordOrder, true, "order"},
	{wordOuter, true, "outer"},
	{wordProcedure, true, "procedure"},
	{wordProxy, false, "proxy"},
	{wordRecursive, false, "recursive"},
	{wordReferences, true, "references"},
	{wordRename, true, "rename"},
	{wordReturning, false, "returning"},
	{wordRight, true, "right"},
	{wordRow, false, "row"},
	{wordSelect, true, "select"},
	{wordSet, true, "set"},
	{wordSetOperator, true, "union except intersect"},
	{wordStatement, false, "statement"},
	{wordStraightJoin, true, "straight_join"},
	{wordSystemTime, false, "system_time"},
	{wordTable, true, "table"},
	{wordTable, false, "tables"},
	{wordTo, true, "to"},
	{wordTrigger, true, "trigger"},
	{wordUsing, true, "using"},
	{wordValue, false, "value"},
	{wordValues, true, "values"},
	{wordView, false, "view"},
	{wordWhere, true, "where"},
	{wordWindow, false, "window"},
	{wordWith, true, "with"},
	{wordObject, true, "database schema"},
	{wordObject, false, "databases schemas user role server tablespace logfile resource reference instance sequence prepare"},
	{wordStoredCode, false, "event package"},
}

// keywords is an open-addressing hash table of the verbs and keywordList; its
// first entry is what is no keyword. keywordNames has their names in upper case.
var keywords, keywordNames = newKeywords()

func newKeywords() (table [1 + 1<<keywordBits]keyword, names [1 + 1<<keywordBits]string) {
	slot := func(name string) *keyword {
		lo, hi := fold([]byte(name), 0, len(name))
		h := keywordHash(lo, hi)
		for table[h].lo != 0 && (table[h].lo != lo || table[h].hi != hi) {
			h = nextSlot(h)
		}
		table[h].lo, table[h].hi = lo, hi
		names[h] = strings.ToUpper(name)
		return &table[h]
	}
	for a := None + 1; a < numActions; a++ {
		slot(a.String()).verb = a
	}
	slot("desc").verb = Describe
	for _, k := range keywordList {
		for name := range strings.FieldsSeq(k.names) {
			entry := slot(name)
			entry.reserved = entry.reserved || k.reserved
			if k.word != notKeyword {
				entry.word = k.word
			}
		}
	}
	return table, names
}

func keywordHash(lo, hi uint64) uint16 {
	return 1 + uint16(((lo^hi*3)*0x9e3779b97f4a7c15)>>(64-keywordBits))
}

func nextSlot(h uint16) uint16 { return 1 + h&(1<<keywordBits-1) }

// lookup finds the keyword that the word [start, end) spells in any case; 0 if it
// is none.
func lookup(sql []byte, start, end int) uint16 {
	if n := end - start; n < 2 || n > 16 {
		return 0
	}
	lo, hi := fold(sql, start, end)
	for h := keywordHash(lo, hi); keywords[h].lo != 0; h = nextSlot(h) {
		if keywords[h].lo == lo && keywords[h].hi == hi {
			return h
		}
	}
	return 0
}

// fold packs the identifier bytes [start, end), at most 16 of them, into two
// numbers in which letters differ no longer by case. Setting bit 5 does so
// without making any two other identifier bytes below 0x80 equal.
func fold(sql []byte, start, end int) (lo, hi uint64) {
	const bit5 = 0x2020202020202020
	if n := end - start; start+16 <= len(sql) {
		lo = binary.LittleEndian.Uint64(sql[start:]) | bit5
		if n < 8 {
			return lo & (1<<(8*uint(n)) - 1), 0
		}
		hi = binary.LittleEndian.Uint64(sql[start+8:]) | bit5
		return lo, hi & (1<<(8*uint(n-8)) - 1)
	}
	for i := start; i < end; i++ {
		c := uint64(sql[i] | 0x20)
		if k := uint(i - start); k < 8 {
			lo |= c << (8 * k)
		} else {
			hi |= c << (8 * (k - 8))
		}
	}
	return lo, hi
}
