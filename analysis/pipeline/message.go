package pipeline

import (
	"time"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// Bounds of the messages that are kept; the counts go on.
const (
	maxMessages     = 1 << 17
	maxMessageBytes = 16 << 20 // of their texts
)

// messages are the first messages of a log.
type messages struct {
	list []loaded.Message
	text int  // bytes
	full bool // later ones are not kept, short or not
}

// add keeps the messages of a batch whose first record is entry first.
func (m *messages) add(list []loaded.Message, first int, zone *time.Location) {
	for _, x := range list {
		m.text += len(x.Text)
		if m.full = m.full || len(m.list) == maxMessages || m.text > maxMessageBytes; m.full {
			return
		}
		x.Entry += first
		if x.Local && x.Time != store.NoTime && zone != nil {
			x.Time, x.Local = toUTC(x.Time, zone), false
		}
		m.list = append(m.list, x)
	}
}
