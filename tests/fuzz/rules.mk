# What fuzzes and replays: tests/fuzz/fuzz_NAME.c makes build/.../fuzz/NAME (libFuzzer) and replay/NAME.
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_HELPERS := $(patsubst %.c,$(BUILD)/%.o,tests/fuzz/fuzz.c tests/fuzz/fake_net.c tests/fuzz/mutate.c tests/unit/mock_http.c)
FUZZ_BUILD := BUILD=build/fuzz CC=clang CFLAGS='-O1 -g -fno-omit-frame-pointer' HARDEN= FUZZER=-fsanitize=fuzzer \
	SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined'
ASAN_BUILD := BUILD=build/asan CFLAGS='-O1 -g -fno-omit-frame-pointer' HARDEN=-fPIE \
	SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined'
WRAPPED := malloc calloc realloc reallocarray strdup strndup asprintf free arena_alloc arena_dup arena_dupn \
	arena_escape arena_printf arena_charge

# An archive: a target that brings the real net along (fuzz_http.c) leaves the fake one there.
$(BUILD)/libfuzz.a: $(FUZZ_HELPERS)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/libfuzz.a $(BUILD)/librolewatch.a
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) $(FUZZER) -o $@ $^ $(LIBS) -lpthread

$(BUILD)/replay/%: $(BUILD)/tests/fuzz/replay.o $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/libfuzz.a $(BUILD)/librolewatch.a
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) -pie -rdynamic -o $@ $^ $(LIBS) -lpthread $(WRAPPED:%=-Wl,--wrap=%)

fuzzers: $(FUZZ_NAMES:%=$(BUILD)/fuzz/%)
replays: $(FUZZ_NAMES:%=$(BUILD)/replay/%)

.PHONY: fuzzers replays

# The unit tests once more, with their parsers' input written down.
DUMPED := $(shell sed -n 's/^ROW.[^,]*, \([a-z_]*\),.*/\1/p' tests/fuzz/dump.c)
DUMPERS := $(TEST_SRCS:tests/unit/%.c=$(BUILD)/dump/%)
$(BUILD)/dump/%: $(BUILD)/tests/unit/%.o $(HELPERS) $(BUILD)/tests/fuzz/dump.o $(BUILD)/librolewatch.a
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) -pie -o $@ $^ $(LIBS) $(BPF_LIBS) $(CMOCKA_LIBS) -lpthread $(DUMPED:%=-Wl,--wrap=%)
dumpers: $(DUMPERS)
.PHONY: dumpers

# ---- by name

SECONDS ?= 60
TARGETS ?=

build/fuzz/seeds: $(wildcard tests/fuzz/seeds tests/fuzz/dump.c tests/unit/*.c tests/vectors/*/* tests/lab/captures/*)
	@$(MAKE) --no-print-directory dumpers
	@rm -rf $@
	@tests/fuzz/seeds $@ $(DUMPERS)

fuzz: build/fuzz/seeds ## fuzz all targets, or TARGETS="...", SECONDS=60 each
	@$(MAKE) --no-print-directory $(FUZZ_BUILD) fuzzers
	@BUILD=build/fuzz tests/fuzz/run fuzz $(SECONDS) $(TARGETS)

fuzz-short: ## run 3,000 inputs per target, always the same ones
	@$(MAKE) --no-print-directory $(FUZZ_BUILD) fuzzers
	@BUILD=build/fuzz tests/fuzz/run short $(TARGETS)

fuzz-keep: build/fuzz/seeds ## rewrite the corpus from what fuzzing found
	@$(MAKE) --no-print-directory $(FUZZ_BUILD) fuzzers
	@BUILD=build/fuzz tests/fuzz/run keep $(TARGETS)

replay: ## run the corpus and all saved crashes once, under ASan and UBSan
	@$(MAKE) --no-print-directory $(ASAN_BUILD) replays
	@BUILD=build/asan tests/fuzz/run replay $(TARGETS)

torture: ## make every allocation fail once: -ENOMEM or the same result, no crash, no leak
	@$(MAKE) --no-print-directory $(ASAN_BUILD) replays
	@BUILD=build/asan tests/fuzz/run torture $(SECONDS) $(TARGETS)

.PHONY: fuzz fuzz-short fuzz-keep replay torture
