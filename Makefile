PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-gpu scale lint lint-others constraints space train bench reports measure compare

DATA ?= $(or $(LAPEL_DATA),../shared/data)
INIT ?= ../shared/weights
WEIGHTS := assets/weights/rpf-tiny
REPORTS := assets/reports
RUNS ?= runs
export OMP_WAIT_POLICY ?= passive

run: $(VENV)/.app
	$(BIN)/python app.py $(ARGS)

# One process a core, each with one thread: half the time of one process with as many threads. JOBS=0 for one process.
JOBS ?= auto
test: lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

# Installs what Lapel needs past one machine: Milvus, Ray, accelerate. Their tests are skipped without.
scale: $(VENV)/.scale

# The network, the embedder and steps of training on a GPU: LAPEL_TEST_DEVICE=mps for Apple's.
LAPEL_TEST_DEVICE ?= cuda
test-gpu: $(VENV)/.dev
	LAPEL_TEST_DEVICE=$(LAPEL_TEST_DEVICE) $(BIN)/python -m pytest -m device $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Lint, and the tests that need no neural network, on the oldest and the newest Python, in environments without torch.
lint-others: $(VENV)/.dev
	$(BIN)/python -m deploy others

# Fixes the versions that `run` and `test` install; what is fixed stays until ARGS="--upgrade".
constraints: $(VENV)/.dev
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --no-header --no-annotate --no-emit-index-url \
	  --no-emit-find-links --output-file constraints.txt requirements-dev.txt requirements-scale.txt $(ARGS)

# The folder that a Hugging Face Space gets, checked as a Space starts it; PUSH=owner/name uploads it. The first time
# about 5 GB are installed into build/space-env.
space: $(VENV)/.dev
	$(BIN)/python -m deploy lay
	$(BIN)/python -m deploy check $(ARGS)
	$(if $(PUSH),$(BIN)/python -m deploy push $(PUSH))

train: $(VENV)/.dev
	$(BIN)/python -m training fit $(ARGS)

# Measures, keeps what each suite gave in docs/performance and makes docs/performance.md of all that is kept there. ARGS="clients
# rest" for some suites; TAG=name keeps those of another machine beside those of this one.
KEEP ?= docs/performance
bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks $(ARGS) --keep $(KEEP) $(if $(TAG),--tag $(TAG))
	$(BIN)/python -m benchmarks document

# Every report in $(REPORTS): hours on a CPU, most of them for `compare`.
reports: measure compare

# Measures the embedded weights and the global baseline on the test splits, and on two catalogs of photographs that nothing
# was trained on or chosen by (of `masks`, the garments that its pixel masks show), then completes the model card.
MEASURED := street studio demo field masks
measure: $(VENV)/.dev
	mkdir -p $(REPORTS)
	for name in $(MEASURED); do \
	  case $$name in demo) catalog=assets/catalog;; *) catalog=$(DATA)/$$name;; esac; \
	  case $$name in masks) view=--garments;; *) view=;; esac; \
	  $(BIN)/python -m eval baseline --catalog $$catalog --split test $$view \
	    --init $(INIT)/vit_tiny_patch16_224.safetensors \
	    --title "Global similarity on $$name (test)" --out $(REPORTS)/$$name-global.json && \
	  $(BIN)/python -m eval run --catalog $$catalog --split test $$view --weights $(WEIGHTS) \
	    --title "Lapel on $$name (test)" --out $(REPORTS)/$$name.json --against $(REPORTS)/$$name-global.json || exit 1; \
	done
	$(BIN)/python -m training describe --weights $(WEIGHTS) --sources assets/weights/sources.json \
	  $(foreach name,$(MEASURED),--report $(REPORTS)/$(name).json --report $(REPORTS)/$(name)-global.json)
	$(BIN)/python -m eval attention --weights $(WEIGHTS) --masks $(DATA)/masks --out $(REPORTS)/foreground/attention.json
	$(BIN)/python -m atelier --seed 100 --items 300 --out $(RUNS)/swap/plain
	$(BIN)/python -m atelier --seed 100 --items 300 --swapped --out $(RUNS)/swap/swapped
	$(BIN)/python -m eval swap --weights $(WEIGHTS) --init $(INIT) --plain $(RUNS)/swap/plain --swapped $(RUNS)/swap/swapped \
	  --out $(REPORTS)/foreground/swap-drawn.json
	$(BIN)/python -m eval swap --weights $(WEIGHTS) --init $(INIT) --masks $(DATA)/masks \
	  --out $(REPORTS)/foreground/swap-masks.json
	$(BIN)/python -m training taught --weights $(WEIGHTS) --field $(DATA)/field --masks $(DATA)/masks --street $(DATA)/street \
	  --out $(REPORTS)/taught/rpf-tiny.json
	$(BIN)/python -m training levels --weights $(WEIGHTS) --street $(DATA)/street --studio $(DATA)/studio --demo assets/catalog \
	  --field $(DATA)/field --masks $(DATA)/masks --judged tests/data/judged.csv --out $(REPORTS)/levels/rpf-tiny.json

# Trains what RPF is compared with, on the same images and with as many of them seen (41,600), and measures each, and ASEN once more
# from the trunk and the attention of the embedded weights, so after all that they have seen; trains and measures with shares of
# the labels; distils RPF of equal images. Hours on a CPU; what is found in $(RUNS) goes on from there.
GO_ON = $(BIN)/python -m training fit --catalog $(DATA)/street --catalog $(DATA)/studio --validate-every 100000
FIT = $(GO_ON) --init $(INIT)
compare: $(VENV)/.dev
	$(FIT) --steps 200 450 --out $(RUNS)/rpf
	$(FIT) --config tiny-region --steps 650 0 --out $(RUNS)/region
	$(FIT) --config tiny-patch --steps 0 650 --out $(RUNS)/patch
	$(FIT) --config tiny-asen --steps 650 0 --out $(RUNS)/asen
	$(FIT) --config tiny-csn --steps 650 0 --out $(RUNS)/csn
	$(FIT) --config tiny-triplet --steps 650 0 --no-calibrate --out $(RUNS)/triplet
	$(FIT) --recipe paper --steps 600 267 --out $(RUNS)/paper
	$(GO_ON) --catalog assets/catalog --shares 1 1 0.05 --config tiny-asen --init $(WEIGHTS) --steps 250 0 --out $(RUNS)/asen-on
	for run in triplet csn asen region patch rpf paper; do for catalog in street studio; do \
	  $(BIN)/python -m eval run --catalog $(DATA)/$$catalog --split test --weights $(RUNS)/$$run \
	    --title "$$run, short training, on $$catalog (test)" --out $(REPORTS)/compare/$$catalog-$$run.json || exit 1; \
	done; done
	for catalog in street studio; do \
	  $(BIN)/python -m eval run --catalog $(DATA)/$$catalog --split test --weights $(RUNS)/asen-on \
	    --title "ASEN from Lapel's trunk on $$catalog (test)" --out $(REPORTS)/compare/$$catalog-asen-on.json || exit 1; \
	done
	$(BIN)/python -m training labels --catalog $(DATA)/street --init $(INIT) --runs $(RUNS)/labels --steps 160 0 \
	  --pseudo 0.1 0.25 --chart $(REPORTS)/labels/street.png --out $(REPORTS)/labels/street.json
	$(BIN)/python -m training labels --catalog $(DATA)/street --init $(INIT) --runs $(RUNS)/labels --steps 160 0 \
	  --shares 0.01 0.05 0.5 --pseudo 0.01 0.05 0.5 --seeds 0 --chart $(REPORTS)/labels/street.png \
	  --out $(REPORTS)/labels/street.json
	$(BIN)/python -m training labels --catalog $(DATA)/studio --init $(INIT) --runs $(RUNS)/labels-studio --steps 160 0 \
	  --shares 0.1 1 --pseudo 0.1 --seeds 0 --out $(REPORTS)/labels/studio.json
	$(BIN)/python -m training distill --catalog $(DATA)/street --catalog $(DATA)/studio --weights $(RUNS)/rpf \
	  --out $(RUNS)/student --report $(REPORTS)/distilled/rpf-tiny.json

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt
$(VENV)/.app: requirements.txt constraints.txt | $(BIN)/python
	$(INSTALL) --requirement requirements.txt
	touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt constraints.txt | $(BIN)/python
	$(INSTALL) --requirement requirements-dev.txt
	touch $(VENV)/.app $@

$(VENV)/.scale: requirements-scale.txt $(VENV)/.dev
	$(INSTALL) --requirement requirements-scale.txt
	touch $@
