package schema

// Type is what a cell holds.
type Type uint8

// The types. In CSV a cell is the JSON of its value without quotation marks, empty for
// null, and the texts of a list are joined by "; ".
const (
	Text    Type = iota
	Time         // RFC 3339 with microseconds and offset, empty where it is not known
	Integer      // whole
	Number       // a float, null for none
	Boolean
	Texts // a list
)

// Column is a column of a file of rows.
type Column struct {
	Name string
	Type Type
	// Null is whether a row may lack a value: null, or no property at all where the
	// file leaves such out.
	Null bool
}

// Format is how a file is written.
type Format string

// The formats.
const (
	CSV       Format = "csv"   // a header line and rows
	JSONLines Format = "jsonl" // an object a line
	JSON      Format = "json"
	ForPeople Format = "document"
	LogLines  Format = "log"
	Copy      Format = "copy" // of what was read, as it was
)

// File is a file by what it holds.
type File struct {
	Name    string
	Format  Format
	Columns []Column
	// More is whether further columns follow, named by values of the log.
	More bool
	// Sparse is whether rows leave out what they have no value for, and the dots of
	// columns are objects in objects.
	Sparse bool
	// Value is what a JSON file is the encoding of: any value of the Go type.
	Value any
}
