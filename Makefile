# What a person types; the work is done by Scripts/, each of which says at its top what it does.
.PHONY: help bootstrap build test test-fast demo load lint format docs man sanitize bench clean

help: ## shows this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

bootstrap: ## installs the packages that building and testing need
	@Scripts/bootstrap

build: ## builds everything, tests included
	@swift build --build-tests

test: ## installs what is missing and runs every test and every check
	@Scripts/test-all

test-fast: ## without root, containers and sanitizers; says what it leaves out
	@Scripts/test-all --fast

demo: ## installs what is missing, builds, and shows logins; ends with the portal in front of an application
	@Scripts/bootstrap build test proxies
	@Scripts/demo $(ARGS)

load: ## ten minutes of mixed load on portal, directory and nginx: nobody may get in who may not
	@Scripts/bootstrap build test proxies
	@Scripts/load $(ARGS)

lint: ## checks that only read: formatting, shell, walls, files
	@Scripts/lint

format: ## puts formatting right
	@Scripts/lint --fix

docs: ## builds the library's documentation; a warning is an error
	@mkdir -p .scratch/docs
	@for target in EnterpriseAuth EnterpriseAuthHummingbird LDAPClient PAMClient; do \
	    swift package --allow-writing-to-directory .scratch/docs generate-documentation --target $$target \
	        --warnings-as-errors --output-path .scratch/docs/$$target || exit 1; \
	done

man: ## writes the manual pages and the completion scripts of bash, zsh and fish to .scratch/man
	@Scripts/man .scratch/man

sanitize: ## runs the tests under the thread and the address sanitizer, each in a build of its own
	@Scripts/sanitize thread
	@Scripts/sanitize address

bench: ## measures, and compares with a reference in the same run
	@Scripts/bootstrap build test bench
	@Benchmarks/run $(ARGS)

clean: ## removes everything that a build made
	@rm -rf .build .build-* .scratch
