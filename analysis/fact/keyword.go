package fact

import "strings"

// key is a keyword or sign that readers of statements act on, 0 for any other word.
type key uint8

const (
	noKey key = iota
	// Signs.
	openKey      // (
	closeKey     // )
	lostKey      // ) without an opening one
	commaKey     // ,
	dotKey       // .
	semicolonKey // ;
	starKey      // *
	equalKey     // =
	assignKey    // :=
	compareKey   // < > <= >= <> != <=>
	orSignKey    // ||
	andSignKey   // &&
	bangKey      // !
	signKey      // + - ~, which may also be in front of a value
	mathKey      // / % ^ & | << >>
	braceKey     // { }
	strayKey     // a bracket or backslash that the language has no use for
	colonKey     // :
	// Verbs of queries and changes.
	selectKey
	insertKey
	updateKey
	deleteKey
	replaceKey
	tableKey
	valuesKey
	withKey
	// Clauses.
	fromKey
	whereKey
	groupKey
	havingKey
	windowKey
	orderKey
	limitKey
	offsetKey
	intoKey
	procedureKey
	forKey
	lockKey
	unionKey // also EXCEPT and INTERSECT
	onKey
	usingKey
	joinKey
	straightJoinKey
	setKey
	returningKey
	duplicateKey
	asKey
	byKey
	partitionKey
	useKey
	forceKey
	ignoreKey
	// Conditions.
	andKey
	orKey
	xorKey
	notKey
	isKey
	inKey
	likeKey // also RLIKE, REGEXP, SOUNDS
	betweenKey
	existsKey
	divKey // also MOD
	caseKey
	whenKey
	thenKey
	elseKey
	endKey
	binaryKey
	anyKey // also SOME, ALL
	distinctKey
	// Values.
	nullKey
	trueKey
	falseKey
	defaultKey
	intervalKey
	typeKey // DATE, TIME, TIMESTAMP in front of a string
	unitKey
	// Heads of other statements.
	verbKey  // begins a statement
	blockKey // begins one of a stored program
	createKey
	beginKey
	ifKey
	fileKey // OUTFILE, DUMPFILE
	infileKey
	optionKey // in front of a select list
	followKey // any other keyword that may follow a value
	reservedKey
)

// keyNames spells the keys, words apart by blanks.
var keyNames = map[key]string{
	openKey: "(", closeKey: ")", commaKey: ",", dotKey: ".", semicolonKey: ";", starKey: "*", equalKey: "=", assignKey: ":=",
	compareKey: "< > <= >= <> != <=>", orSignKey: "||", andSignKey: "&&", bangKey: "!", signKey: "+ - ~",
	mathKey: "/ % ^ & | << >>", braceKey: "{ }",
	strayKey: `[ ] \`, colonKey: ":",
	selectKey: "select", insertKey: "insert", updateKey: "update", deleteKey: "delete", replaceKey: "replace", tableKey: "table",
	valuesKey: "values value", withKey: "with",
	fromKey: "from", whereKey: "where", groupKey: "group", havingKey: "having", windowKey: "window", orderKey: "order",
	limitKey: "limit", offsetKey: "offset", intoKey: "into", procedureKey: "procedure", forKey: "for", lockKey: "lock",
	unionKey: "union except intersect minus", onKey: "on", usingKey: "using", joinKey: "join", straightJoinKey: "straight_join",
	setKey: "set", returningKey: "returning", duplicateKey: "duplicate", asKey: "as", byKey: "by", partitionKey: "partition",
	useKey: "use", forceKey: "force", ignoreKey: "ignore",
	andKey: "and", orKey: "or", xorKey: "xor", notKey: "not", isKey: "is", inKey: "in", likeKey: "like rlike regexp sounds",
	betweenKey: "between", existsKey: "exists", divKey: "div mod", caseKey: "case", whenKey: "when", thenKey: "then",
	elseKey: "else", endKey: "end", binaryKey: "binary", anyKey: "any some all", distinctKey: "distinct distinctrow",
	nullKey: "null", trueKey: "true", falseKey: "false", defaultKey: "default", intervalKey: "interval",
	typeKey: "date time timestamp",
	unitKey: "microsecond second minute hour day week month quarter year second_microsecond minute_microsecond minute_second " +
		"hour_microsecond hour_second hour_minute day_microsecond day_second day_minute day_hour year_month",
	verbKey: "alter analyze backup binlog cache call change check checksum clone commit deallocate declare desc describe do drop " +
		"execute explain fetch flush get grant handler help import install kill load open optimize prepare purge release rename " +
		"repair reset resignal restart return revoke rollback savepoint show shutdown signal start stop truncate uninstall unlock xa",
	blockKey:  "close leave iterate loop repeat while until",
	createKey: "create", beginKey: "begin", ifKey: "if", fileKey: "outfile dumpfile", infileKey: "infile",
	optionKey: "sql_no_cache sql_cache sql_calc_found_rows high_priority sql_small_result sql_big_result sql_buffer_result",
	followKey: "collate escape asc member at character charset separator rows row range groups respect nulls empty error columns " +
		"column path nested query_expansion against wait nowait skip of preceding following fetch first next only ties examined " +
		"share low_priority quick outer cross inner left right natural lateral system_time portion key rollup limit_rows " +
		"current unbounded match " +
		"qualify soname returns returns identified require password expire account comment engine",
	reservedKey: "both leading trailing convert dual force index ignore",
}

var keys = func() map[string]key {
	table := map[string]key{}
	for k, list := range keyNames {
		for name := range strings.FieldsSeq(list) {
			if _, known := table[name]; !known || k != reservedKey && k != followKey {
				table[name] = k
			}
		}
	}
	return table
}()

// keySet is a set of keys.
type keySet [2]uint64

func keysOf(list ...key) (s keySet) {
	for _, k := range list {
		s[k/64] |= 1 << (k % 64)
	}
	return s
}

// and returns the set with more keys.
func (s keySet) and(list ...key) keySet {
	more := keysOf(list...)
	return keySet{s[0] | more[0], s[1] | more[1]}
}

func (s keySet) has(k key) bool { return s[k/64]>>(k%64)&1 != 0 }

// Sets that others are made of.
var (
	connectives = keysOf(andKey, orKey, xorKey, andSignKey, orSignKey)
	verbs       = keysOf(verbKey, selectKey, insertKey, updateKey, deleteKey, replaceKey, tableKey, valuesKey, withKey, createKey, beginKey, setKey,
		useKey, lockKey)
)

// notColumns are the keywords that name no column although they have no quotes.
var notColumns = keysOf(selectKey, insertKey, updateKey, deleteKey, fromKey, whereKey, groupKey, havingKey, orderKey, limitKey,
	intoKey, procedureKey, forKey, unionKey, onKey, usingKey, joinKey, straightJoinKey, asKey, byKey, andKey, orKey, xorKey, notKey,
	isKey, inKey, likeKey, betweenKey, existsKey, divKey, caseKey, whenKey, thenKey, elseKey, endKey, binaryKey, anyKey, distinctKey,
	nullKey, trueKey, falseKey, defaultKey, intervalKey, setKey, valuesKey, createKey, ifKey, reservedKey, optionKey, withKey, tableKey,
	replaceKey, partitionKey, useKey, forceKey, ignoreKey, lockKey)
