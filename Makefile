PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint train bench reports

DATA ?= $(or $(LAPEL_DATA),../shared/data)
INIT ?= ../shared/weights
WEIGHTS := assets/weights/rpf-tiny
REPORTS := assets/reports
export OMP_WAIT_POLICY ?= passive


run: $(VENV)/.app
	$(BIN)/python app.py $(ARGS)

test: lint
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

train: $(VENV)/.dev
	$(BIN)/python -m training fit $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks $(ARGS)

# Measures the embedded weights and the global baseline on the test splits, then completes the model card with the figures.
reports: $(VENV)/.dev
	mkdir -p $(REPORTS)
	for catalog in $(DATA)/street $(DATA)/studio assets/catalog; do \
	  name=$$(basename $$catalog | sed s/^catalog$$/demo/); \
	  $(BIN)/python -m eval run --catalog $$catalog --split test --weights $(WEIGHTS) \
	    --title "Lapel on $$name (test)" --out $(REPORTS)/$$name.json && \
	  $(BIN)/python -m eval baseline --catalog $$catalog --split test --init $(INIT)/vit_tiny_patch16_224.safetensors \
	    --title "Global similarity on $$name (test)" --out $(REPORTS)/$$name-global.json || exit 1; \
	done
	$(BIN)/python -m training describe --weights $(WEIGHTS) --sources assets/weights/sources.json \
	  --report $(REPORTS)/street.json --report $(REPORTS)/studio.json --report $(REPORTS)/demo.json

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.app: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	touch $(VENV)/.app $@
