package schema

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
)

// node is a JSON Schema.
type node struct {
	Description string   `json:"description,omitempty"`
	Format      Format   `json:"x-format,omitempty"` // of the file
	Type        any      `json:"type,omitempty"`     // a name or several
	Shape       string   `json:"format,omitempty"`
	Properties  members  `json:"properties,omitempty"`
	Required    []string `json:"required,omitempty"`
	Additional  any      `json:"additionalProperties,omitempty"` // false or *node
	Items       *node    `json:"items,omitempty"`
}

// members are properties in their order.
type members []member

type member struct {
	name string
	node *node
}

// MarshalJSON writes the members as an object.
func (m members) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, x := range m {
		name, err := json.Marshal(x.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(x.node)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

// Document is the JSON Schema of files: under $defs, by name, each row or, of a JSON
// file, the whole.
func Document(files []File) ([]byte, error) {
	var defs members
	for _, f := range files {
		defs = append(defs, member{f.Name, f.node()})
	}
	doc := struct {
		Schema      string  `json:"$schema"`
		Title       string  `json:"title"`
		Description string  `json:"description"`
		Defs        members `json:"$defs"`
	}{
		"https://json-schema.org/draft/2020-12/schema",
		"Files that sqleuth writes",
		"Under $defs by file. Of csv and jsonl it is a row as an object, its columns in the order of required. A cell of csv is the value without quotation marks, empty for null; the texts of a list are joined by \"; \", those of tag are a list in brackets.",
		defs,
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(doc)
	return out.Bytes(), err
}

func (f File) node() *node {
	switch {
	case f.Value != nil:
		n := of(reflect.TypeOf(f.Value))
		n.Format = f.Format
		return n
	case f.Columns == nil:
		return &node{Format: f.Format}
	}
	n := &node{Format: f.Format, Type: "object", Additional: false}
	if f.More {
		n.Additional = Column{Type: Number, Null: true}.node()
	}
	for _, c := range f.Columns {
		if f.Sparse {
			n.nest(strings.Split(c.Name, "."), c)
			continue
		}
		n.add(c.Name, c.node(), true)
	}
	return n
}

func (n *node) add(name string, x *node, required bool) {
	n.Properties = append(n.Properties, member{name, x})
	if required {
		n.Required = append(n.Required, name)
	}
}

// nest adds a column below the objects that its name leads through.
func (n *node) nest(path []string, c Column) {
	if len(path) == 1 {
		required := !c.Null
		c.Null = false
		n.add(path[0], c.node(), required)
		return
	}
	for _, m := range n.Properties {
		if m.name == path[0] {
			m.node.nest(path[1:], c)
			return
		}
	}
	below := &node{Type: "object", Additional: false}
	n.add(path[0], below, false)
	below.nest(path[1:], c)
}

func (c Column) node() *node {
	n := &node{}
	name := ""
	switch c.Type {
	case Text:
		name = "string"
	case Time:
		// Empty where it is not known, which no format of JSON Schema allows.
		name, n.Description = "string", "RFC 3339 with microseconds, empty where it is not known"
	case Integer:
		name = "integer"
	case Number:
		name = "number"
	case Boolean:
		name = "boolean"
	case Texts:
		name, n.Items = "array", &node{Type: "string"}
	}
	n.Type = name
	if c.Null {
		n.Type = []string{name, "null"}
	}
	return n
}

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// of returns the schema of what encoding/json makes of a type. Of a type that encodes
// itself a float may be null, and all else be anything.
func of(t reflect.Type) *node {
	switch {
	case t.Kind() != reflect.Pointer && t.Implements(marshaler) && t.Kind() == reflect.Float64:
		return &node{Type: []string{"number", "null"}}
	case t.Kind() != reflect.Pointer && t.Implements(marshaler):
		return &node{}
	case t.Kind() != reflect.Pointer && t.Implements(textMarshaler):
		return &node{Type: "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return orNull(of(t.Elem()))
	case reflect.Bool:
		return &node{Type: "boolean"}
	case reflect.String:
		return &node{Type: "string"}
	case reflect.Float32, reflect.Float64:
		return &node{Type: "number"}
	case reflect.Interface:
		return &node{}
	case reflect.Slice:
		return orNull(&node{Type: "array", Items: of(t.Elem())})
	case reflect.Array:
		return &node{Type: "array", Items: of(t.Elem())}
	case reflect.Map:
		return orNull(&node{Type: "object", Additional: of(t.Elem())})
	case reflect.Struct:
		n := &node{Type: "object", Additional: false}
		n.fields(t, true)
		return n
	}
	return &node{Type: "integer"}
}

func orNull(n *node) *node {
	if name, ok := n.Type.(string); ok {
		n.Type = []string{name, "null"}
	}
	return n
}

// fields adds the fields of a struct, those of embedded ones among them.
func (n *node) fields(t reflect.Type, required bool) {
	for f := range t.Fields() {
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && tag == "" && f.Type.Kind() == reflect.Struct:
			n.fields(f.Type, required)
		case f.Anonymous && tag == "" && f.Type.Kind() == reflect.Pointer:
			n.fields(f.Type.Elem(), false)
		case tag == "-" || !f.IsExported():
		default:
			if tag == "" {
				tag = f.Name
			}
			n.add(tag, of(f.Type), required && options != "omitempty")
		}
	}
}
