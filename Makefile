# Each target is a call of `cargo xtask`, which sets up what the machine lacks. See `cargo xtask help`.

.PHONY: demo test dev lint bench build setup tools
.DEFAULT_GOAL := help

help: ## This list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:[^#]*## /	/' | expand -t 10

demo: tools ## Set up, build, and run the shop with its telemetry in the console
	@cargo xtask demo $(ARGS)

test: tools ## Everything that has to pass, `make lint` included
	@cargo xtask test

dev: tools ## Run the demo, and build and start it again when a source changes
	@cargo xtask dev $(ARGS)

lint: tools ## Formatting, clippy, licences, and the house's own rules
	@cargo xtask lint

bench: tools ## Measure, and print the table for docs/benchmarks.md
	@cargo xtask bench $(ARGS)

build: tools ## The server as it is shipped: target/release/pointsman
	@cargo xtask build

setup: tools ## Install what the machine lacks
	@cargo xtask setup

# Shows its progress, which `cargo xtask` does not.
tools:
	@command -v cargo >/dev/null || { echo "There is no cargo: install Rust 1.90 or newer, with rustup."; exit 1; }
	@command -v cc >/dev/null || { echo "There is no C compiler: install gcc (Debian, Ubuntu: apt-get install build-essential)."; exit 1; }
	@command -v node >/dev/null || { echo "There is no node: install Node.js 20 or newer, with npm."; exit 1; }
	@cargo build --locked --package xtask
