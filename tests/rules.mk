# Checkers, each a target that can fail. What they are wrong about is listed one by one in tests/known/.
CHECKED := $(SRCS) $(MAINS)
COVERAGE_BUILD := BUILD=build/coverage CFLAGS='-O0 -g --coverage' SANITIZE=--coverage HARDEN=-fPIE

# valgrind 3.19 knows neither openat2(2) nor clone3(2), executes programs in its own way, and does not run under a filter of
# system calls: these five run under ASan and UBSan only (make sanitize).
# EXCEPT: tests that are left out; make check leaves out the one that takes longer than all others together.
EXCEPT ?=
VALGRIND_TESTS := $(filter-out %/test_broker %/test_broker_server %/test_container_logs %/test_events %/test_plan_images $(EXCEPT:%=\%/%),$(TESTS))
valgrind: ## run the unit tests under valgrind's memcheck
	@$(MAKE) --no-print-directory $(VALGRIND_TESTS)
	@ROLEWATCH_TEST_JOBS=$(shell nproc) tests/unit/run $(BUILD) --under "valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
		--child-silent-after-fork=yes --suppressions=tests/known/valgrind.supp" $(VALGRIND_TESTS)

# Libraries are not instrumented: rooms without I/O, and cJSON's memory by calloc (tests/unit/msan.c).
MSAN_TESTS := $(filter-out %/test_audit %/test_aws %/test_broker %/test_broker_server %/test_collect_agent %/test_collect_imds \
	%/test_config %/test_container_config %/test_container_logs %/test_daemon %/test_definitions %/test_digest %/test_environment %/test_environment_cache %/test_events %/test_facts %/test_image_archive %/test_io %/test_log %/test_process_events %/test_process_judging %/test_process_records %/test_scan_run %/test_net %/test_outbox %/test_plan %/test_plan_images %/test_process %/test_process_cache %/test_worker %/test_sigv4 \
	$(EXCEPT:%=\%/%),$(TEST_SRCS:tests/unit/%.c=build/msan/tests/%))
msan: ## compile with clang and run the unit tests of the pure rooms under MemorySanitizer
	@$(MAKE) --no-print-directory BUILD=build/msan CC=clang CFLAGS='-O1 -g -fno-omit-frame-pointer' HARDEN=-fPIE \
		SANITIZE='-fsanitize=memory -fno-sanitize-recover=memory -fsanitize-memory-track-origins' MSAN=build/msan/tests/unit/msan.o \
		all $(TEST_SRCS:%.c=build/msan/%.o) $(MSAN_TESTS)
	@ROLEWATCH_TEST_TIME=900 tests/unit/run build/msan --again $(MSAN_TESTS)

analyze: ## run gcc -fanalyzer on the sources
	@printf '%s\n' $(CHECKED) | xargs -n 6 -P 2 sh -c 'for f; do gcc -std=gnu17 -O1 -g -fanalyzer -Iinclude -D_GNU_SOURCE $(if $(BPF),-DWITH_KERNEL_EVENTS) \
		-DROLEWATCH_VERSION="\"x\"" $(PKG_CFLAGS) $(CJSON_CFLAGS) -c -o /dev/null "$$f" 2>&1; done' analyze | tests/known/filter analyze

# WITHOUT=clang-analyzer: without those checks, which take twenty times as long as all others; make check has gcc's.
WITHOUT ?=
tidy: ## run clang-tidy with the checks of .clang-tidy
	@printf '%s\n' $(CHECKED) | xargs -n 6 -P 2 sh -c 'clang-tidy --quiet $(WITHOUT:%=--checks=-%-*) "$$@" -- -std=gnu17 -Iinclude -D_GNU_SOURCE $(if $(BPF),-DWITH_KERNEL_EVENTS) \
		-DROLEWATCH_VERSION="\"x\"" $(PKG_CFLAGS) 2>/dev/null' tidy | tests/known/filter tidy $(WITHOUT)

cppcheck: ## run cppcheck: warnings, portability, performance
	@cppcheck --quiet --std=c11 --enable=warning,portability,performance -j 2 --include=tests/known/cppcheck.h -i agent/broker/events.bpf.c \
		 -Iinclude -D_GNU_SOURCE -D__x86_64__ \
		-DROLEWATCH_VERSION='"x"' --template='{file}:{line}: {severity}: {message} [{id}]' agent 2>&1 | tests/known/filter cppcheck

coverage: ## print line and branch coverage per room; fail below tests/coverage.min (root)
	@$(MAKE) --no-print-directory $(COVERAGE_BUILD) coverage-run
coverage-run: $(TESTS) replays all $(BUILD)/evidence/tool
	@find $(BUILD) -name '*.gcda' -delete
	@tests/unit/run $(BUILD) --again $(TESTS)
	@BUILD=$(BUILD) tests/fuzz/run torture 20
	@env -u MAKEFLAGS -u BUILD -u CFLAGS -u SANITIZE -u HARDEN tests/coverage-checks $(BUILD)
	@tests/coverage $(BUILD)

# MINUTES=10: how long the healthy ones are watched.
zoo: all ## stock programs in healthy tasks, then tasks that lose the variable and call AWS, as two tables (root, minutes)
	@ROLEWATCH=$(abspath $(ROLEWATCH)) tests/zoo/run $(MINUTES:%=--minutes %)

zoo-short: all ## the same with a few of them and a small image (root, two minutes)
	@ROLEWATCH=$(abspath $(ROLEWATCH)) tests/zoo/run --short

booted: $(filter deps,$(MAKECMDGOALS)) ## test the .deb on a booted Debian host under QEMU, from its installation to its purge ; SUITE=trixie: Debian 13 (root; ten minutes with KVM, half an hour without)
	@tests/deps --check booted
	@$(MAKE) --no-print-directory all $(TESTS)
	@tests/booted/run $(SUITE:%=--suite %) $(PARTS)

.PHONY: booted zoo zoo-short valgrind msan analyze tidy cppcheck coverage coverage-run
