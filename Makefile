# sqleuth: what to type for what. Needs Go; `make test RACE=1` also a C compiler.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS := -s -w -X main.version=$(VERSION)
# testdata holds a Go package that "./..." passes over.
PACKAGES := ./... ./testdata

# staticcheck runs at a pinned version that is no dependency of the module.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# A folder with reference files to compare with; see `make reference`.
REFERENCE ?= testdata/reference
# The large log that `make biglog` writes: its entries, and more of its flags,
# e.g. BIGLOG="-diverse -connections 200000".
N ?= 1000000
BIGLOG ?=

.PHONY: clickhouse run demo build test packages long check fmt-check vet staticcheck e2e pictures golden bench bench-vs notices dist biglog reference evaluate tables cuts forms fuzz clean

run: build
	bin/sqleuth demo

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/sqleuth ./cmd/sqleuth

# Packages that start goroutines or guard something from those of others, and the program:
# in the rest the race detector finds nothing that it does not find in these. What takes
# longest begins first, so that no core waits for it in the end.
RACING = $(LONGEST) $(filter-out $(LONGEST),$(sort $(shell grep -rlE '^\s*go (func|[a-z])|\.Go.func|parallel\.Do|sync\.(Mutex|RWMutex|Pool|WaitGroup|Cond)|atomic\.[A-Z]' \
	--include='*.go' analysis ui | xargs -n1 dirname | sed 's|^|./|')))
LONGEST = ./cmd/sqleuth ./analysis/pipeline ./ui

test: packages e2e

# RACE=1 runs the tests of these under the race detector, which takes ten times as long: what
# computes much and starts no goroutine that other tests do not is left out (-short).
packages:
	$(GO) test $(if $(RACE),-race -short $(RACING),$(PACKAGES))

# What RACE=1 leaves out, without it: the other packages, and of these the tests that can
# skip themselves. What is skipped here too is named with its reason.
long:
	@mkdir -p bin; status=0; \
	left=TestScripts$$(awk '/^func /{name=$$2; sub(/\(.*/, "", name)} /testing\.Short\(\)|\.Skip(f|Now)?\(/ && name ~ /^Test/{printf "|" name}' $(wildcard $(RACING:%=%/*_test.go))); \
	$(GO) test -v $$($(GO) list $(PACKAGES) | grep -vxF "$$($(GO) list $(RACING))") >bin/long.txt 2>&1 || status=$$?; \
	$(GO) test -v -run "^($$left)$$" $(RACING) >>bin/long.txt 2>&1 || status=$$?; \
	grep -E '^(ok|FAIL|panic)' bin/long.txt; grep -B1 -E '^ *--- SKIP' bin/long.txt; \
	test $$status = 0 || cat bin/long.txt; exit $$status

# What is wrong with the code without running it.
check: fmt-check vet staticcheck

fmt-check:
	@files=$$(gofmt -l analysis cmd ui testdata); test -z "$$files" || { echo "not gofmt-clean:"; echo "$$files"; exit 1; }

# The other systems for which the code must compile; each takes a build of everything.
OTHERS ?= windows darwin

vet:
	$(GO) vet $(PACKAGES)
	@set -e; for os in $(OTHERS); do echo "GOOS=$$os $(GO) vet $(PACKAGES)"; GOOS=$$os $(GO) vet $(PACKAGES); done

staticcheck:
	$(GO) run $(STATICCHECK) $(PACKAGES)

# The program as a person uses it, driven in tmux.
e2e: build
	@if command -v tmux >/dev/null; then cmd/sqleuth/testdata/e2e.sh bin/sqleuth; \
	else echo "*** tmux is not installed: the terminal script did NOT run ***"; fi

# The pictures of the README, from the program itself. Needs tmux, and the network for
# freeze, which is no dependency of the module.
pictures: build
	testdata/pictures/make.sh bin/sqleuth testdata/pictures

golden:
	$(GO) test $$(dirname $$(grep -rlE 'golden|-update' --include='*_test.go' ui analysis | sort) | sort -u | sed 's|^|./|') -update

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./analysis/... ./ui/...

clean:
	rm -rf bin dist

# The licences of what is linked in, as `sqleuth version --licenses` prints them.
notices:
	$(GO) run ./cmd/notices > cmd/sqleuth/notices.txt.new
	mv cmd/sqleuth/notices.txt.new cmd/sqleuth/notices.txt

# What is published: static programs, manual page, completions, licences, checksums.
# The same commit and compiler give the same bytes, wherever the folder lies.
SYSTEMS := linux darwin windows
PROCESSORS := amd64 arm64
dist:
	rm -rf dist && mkdir dist
	set -e; for os in $(SYSTEMS); do for arch in $(PROCESSORS); do \
		out=dist/sqleuth-$$os-$$arch; test $$os != windows || out=$$out.exe; \
		CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch GOAMD64=v1 GOARM64=v8.0 $(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS) -buildid=' -o $$out ./cmd/sqleuth; \
	done; done
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS) -buildid=' -o dist/.here ./cmd/sqleuth
	dist/.here man > dist/sqleuth.1
	set -e; for shell in bash zsh fish powershell; do dist/.here completion $$shell > dist/sqleuth.$$shell; done
	cp cmd/sqleuth/notices.txt dist/NOTICES.txt && cp .github/LICENSE .github/CHANGELOG.md README.md dist/
	rm dist/.here
	cd dist && find . -type f ! -name SHA256SUMS | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS

# What is found without labels, measured against the labels of logs: a folder of
# folders with general.log(.gz), labels.csv and perhaps entry-labels.csv, e.g.
# make evaluate CAPTURES=../shared/captures. MEASURED are more folders of folders, to
# whose logs no weight is fitted, e.g. what a generator of injections wrote.
CAPTURES ?= testdata
evaluate: build
	@for dir in $(CAPTURES)/*/; do \
		log=$$dir/general.log.gz; test -f $$log || log=$$dir/general.log; test -f $$log -a -f $$dir/labels.csv || continue; \
		set --; test ! -f $$dir/entry-labels.csv || set -- --entry-labels $$dir/entry-labels.csv; \
		test ! -f $$dir/unlabelled-attack-ids.csv || set -- "$$@" --leave-out $$dir/unlabelled-attack-ids.csv; \
		bin/sqleuth evaluate --labels $$dir/labels.csv "$$@" $$log || exit 1; \
	done
	@set --; for dir in $(CAPTURES)/*/; do \
		test ! -f $$dir/labels.csv || test ! -f $$dir/general.log -a ! -f $$dir/general.log.gz || set -- "$$@" $$dir; \
	done; \
	for dir in $(MEASURED:%=%/*/); do test ! -f $$dir/labels.csv || set -- -measure $$dir "$$@"; done; \
	$(GO) run ./cmd/weights "$$@"

# Compare every figure of the notebook's reading with what its own libraries
# wrote, e.g. make reference REFERENCE=../shared/reference
reference:
	$(GO) run ./cmd/reference -reference $(REFERENCE)

# A large log of the shape of the built-in incident, with its labels.
biglog:
	$(GO) run ./cmd/biglog -n $(N) $(BIGLOG) -o big-$(N).log.gz -labels big-$(N).csv

# The whole program against zcat | wc -l, side by side, on a log whose strings
# repeat and one whose strings do not; BENCHVS=-large adds 10M.
bench-vs:
	$(GO) run ./cmd/benchvs $(BENCHVS)

# The built-in incident in every wrapper and in every form of the table, of which the
# tests try some.
forms:
	$(GO) test ./analysis/report -run 'TestIncidentIn' -forms

# All captures as six servers in ClickHouse, whose figures are those of report --json.
clickhouse:
	@if command -v clickhouse-server >/dev/null && command -v clickhouse-client >/dev/null; then \
		$(GO) test ./cmd/sqleuth -run 'TestClickHouse' -clickhouse; \
	else echo "*** ClickHouse is not installed: what it makes of a stream is NOT compared ***"; fi

CUTS ?= 50

# That what is an entry does not depend on where blocks end, at $(CUTS) times more
# places than the tests try.
cuts:
	$(GO) test ./analysis/pipeline -run 'TestCut|TestFileAndPipe' -timeout 0 -cuts $(CUTS)

FUZZTIME ?= 1m

# Each fuzz target for $(FUZZTIME). Minimising is kept short: Go's stalls on it.
fuzz:
	@set -e; for f in $$(grep -rl '^func Fuzz' --include='*_test.go' analysis ui cmd); do \
		for t in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' $$f); do \
			echo "$$t in $$(dirname $$f)"; \
			$(GO) test -run '^$$' -fuzz "^$$t$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./$$(dirname $$f); \
		done; \
	done

# How many statements of a log get their main table, and which do not.
tables:
	$(GO) run ./cmd/tables $(LOG)
