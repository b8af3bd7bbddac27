package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/quiet"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
)

// Analysis is what the investigator asks of the analysis. All methods may be
// called from any goroutine; see NewAnalysis for the real one.
type Analysis interface {
	screen.Log
	// Run is pipeline.Run.
	Run(ctx context.Context, params model.Params, labels func(*pipeline.Snapshot) (label.Set, error), emit func(pipeline.Event)) (*pipeline.Snapshot, error)
	// Judge is pipeline.Judge.
	Judge(ctx context.Context, params model.Params, s *pipeline.Snapshot, labels label.Set, emit func(pipeline.Event)) (*pipeline.Snapshot, error)
	// Export writes the export files into dir and returns their names; it calls
	// progress with each before it writes it.
	Export(ctx context.Context, s *pipeline.Snapshot, dir string, force bool, progress func(name string)) ([]string, error)
}

// Config is what the investigator is started with.
type Config struct {
	Analysis Analysis
	Params   model.Params
	Theme    *theme.Theme
	// Names are the log's files as they were given, for the header before
	// anything is read.
	Names []string
	// Labels are those of a labels file, nil for none. LabelsName is where they
	// come from.
	Labels     *label.File
	LabelsName string
	// Notices are shown when the log has been read, such as warnings about rule
	// files.
	Notices []string
	// Command is the command line that has started the program, without --open and
	// the Logs; Open is the place of --open, which CheckLine knows, empty for none.
	Command []string
	Logs    []string
	Open    string
	// Separable is that the log can be opened again with other servers: see Run.
	Separable bool
	// Recalled is that the servers were chosen at an earlier start, for files of the same
	// sizes: whether they are the same files is known when they are read.
	Recalled bool
	// CaseDir is where case files are kept; empty for an investigation that
	// is not kept.
	CaseDir string
	// TypedFile keeps what is typed into prompts; empty for nothing kept.
	TypedFile string
	// Analyst is who gives labels, empty where nobody is named.
	Analyst string
	// Now returns the time for labels; nil is time.Now.
	Now func() time.Time
	// Tour leads through the built-in incident.
	Tour bool
	// Mouse lets the wheel scroll; the terminal's own selection then needs
	// the shift key.
	Mouse bool
	// Keys are those that the analyst chose, by the names of NamedKeys.
	Keys map[string][]string
	// Columns are those that lists begin with, by the names of NamedColumns. FirmColumns are
	// the lists for which a case that keeps others is not heard.
	Columns     map[string][]string
	FirmColumns map[string]bool
	// Zone is the zone that times are shown in; nil is UTC.
	Zone *time.Location
	// Getenv shows what is between the program and the terminal (tmux, screen), for
	// the clipboard; nil is "nothing".
	Getenv func(string) string
	// Input and Output are the terminal; nil is standard input and output.
	Input  io.Reader
	Output io.Writer
}

func init() { quiet.End() }

// Run shows the investigator until the analyst quits or ctx ends, or has chosen other servers
// for the files: it returns how the log is to be opened again then, else nil. The terminal
// is restored whatever happens. A panic inside the analysis does not end the
// program; it is the error that Run returns in the end.
func Run(ctx context.Context, cfg Config) (*Reopening, error) {
	ctx, cancel := context.WithCancel(ctx)
	a := newApp(ctx, cfg)
	defer a.runs.wait() // no goroutine outlives the files it reads
	defer cancel()
	// A signal ends ctx. Bubble Tea's own handler would hear it as well, and wait
	// for ever to send it to an event loop that ctx has ended already.
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithAltScreen(), tea.WithoutSignalHandler()}
	if cfg.Input != nil {
		options = append(options, tea.WithInput(cfg.Input))
	}
	if cfg.Output != nil {
		options = append(options, tea.WithOutput(cfg.Output))
	}
	if cfg.Mouse {
		options = append(options, tea.WithMouseCellMotion())
	}
	a.suspends.suspender = newSuspender()
	defer a.suspends.close()
	program := tea.NewProgram(a, options...)
	go a.suspends.hear(program)
	_, err := program.Run()
	if a.leave.state != abandoned {
		err = errors.Join(err, a.keep.flush())
	}
	if err != nil {
		return nil, fmt.Errorf("terminal: %w", err)
	}
	var internal *pipeline.PanicError
	if errors.As(a.runs.err, &internal) {
		return nil, a.runs.err
	}
	return a.servers.again, nil
}

// logOf is the raw files that a log was read from.
func logOf(s *pipeline.Snapshot) (log casefile.Log) {
	for _, f := range s.Files {
		log = log.Add(f.Name, f.Server, f.Archive, f.Raw, f.SHA256)
	}
	return log
}
