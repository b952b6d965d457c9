.DEFAULT_GOAL := help
.PHONY: help build test format format-check bench run simulate chaos smoke pack

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: ## compile everything
	dotnet build ClaudeDrive.slnx -c Release --nologo

test: ## install what the tests need and run them all
	eng/test

format: ## rewrite the code to the house style
	dotnet format ClaudeDrive.slnx

format-check: ## fail when the code is not in the house style
	dotnet format whitespace ClaudeDrive.slnx --verify-no-changes

bench: ## the product against its goals and its peers, about an hour
	eng/bench

run: ## the server on http://127.0.0.1:4100
	dotnet run --project src/ClaudeDrive.Cli -c Release -- serve

simulate: ## the fake Claude API on http://127.0.0.1:4010
	dotnet run --project src/ClaudeDrive.Cli -c Release -- simulate

chaos: ## real nodes under a minute of faults (eng/chaos --help lists what can be chosen)
	eng/chaos --minutes 1

smoke: ## the whole path once, on loopback, with a verdict
	dotnet run --project src/ClaudeDrive.Cli -c Release -- demo --once

pack: ## NuGet packages into artifacts/package
	dotnet pack ClaudeDrive.slnx -c Release --nologo
